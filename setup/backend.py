"""Builds the wheel: `make wheel`, `pip wheel .` and `pip install .` come here (a build backend as in PEP 517).

The wheel is one package, `lectern`: the command (setup/lectern.py), and in its folder `library` what it takes to build
a course without Node: the generator with its fonts and data, figure kinds, experiments, the course that `lectern new`
copies, and the few files of reveal.js, Temml and axe that pages and checks need. Its requirements are those of the lock
files, version by version. Nothing is needed to build it but Python, and the same files give the same bytes.
"""

import io
import re
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = "lectern/library"
FOLDERS = ("generator", "figures", "lectures/experiments", "examples/starter")
LEFT_OUT = ("__pycache__", ".lectern", "build")
# What pages and checks read of each package, besides its license.
PACKAGES = {
    "reveal.js": ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js"),
    "temml": ("LICENSE", "dist/temml.min.js", "contrib/mhchem/mhchem.min.js"),
    "axe-core": ("LICENSE", "LICENSE-3RD-PARTY.txt", "axe.min.js"),
}
# The extras of the wheel: the lock file, and which of its packages, all if none are named.
EXTRAS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pptx": ("pptx", ()), "cluster": ("cluster", ()), "check": ("test", ("playwright", "greenlet", "pyee")),
}  # fmt: skip
LICENSES = "MIT AND OFL-1.1 AND CC-BY-SA-3.0 AND MPL-2.0"
WHEEL = "Wheel-Version: 1.0\nGenerator: lectern\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
COMMAND = "[console_scripts]\nlectern = lectern:main\n"
REQUIREMENT = re.compile(r"^([\w.-]+)==([^\s;\\]+)(?: ; ([^\\]+?))? *\\?$", re.MULTILINE)


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:  # noqa: ARG001
    """Write the wheel into a folder and return its file's name; raise SystemExit where the set-up is missing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = f"{project['name']}-{project['version']}"
    files = {**library_files(project["version"]), **metadata_files(f"{name}.dist-info", project)}
    Path(wheel_directory).mkdir(parents=True, exist_ok=True)
    Path(wheel_directory, f"{name}-py3-none-any.whl").write_bytes(pack(files, f"{name}.dist-info/RECORD"))
    return f"{name}-py3-none-any.whl"


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:  # noqa: ARG001
    """Raise SystemExit: there are wheels and clones alone, for the sources need npm to become a wheel."""
    raise SystemExit(f"nothing is written into {sdist_directory}: build a wheel, make wheel, or take a clone")


def library_files(version: str) -> dict[str, bytes]:
    """Return the contents of the package by path."""
    found = {"lectern/__init__.py": ROOT / "setup" / "lectern.py", f"{LIBRARY}/LICENSE": ROOT / "LICENSE"}
    for folder in FOLDERS:
        found |= {f"{LIBRARY}/{folder}/{name}": path for name, path in files_below(ROOT / folder)}
    modules = Path("setup", "node_modules")
    for package, names in PACKAGES.items():
        found |= {
            f"{LIBRARY}/{(modules / package / name).as_posix()}": ROOT / modules / package / name for name in names
        }
    if missing := [path for path in found.values() if not path.is_file()]:
        raise SystemExit(f"there is no {missing[0].relative_to(ROOT)}; run make setup-test, which fetches it")
    return {f"{LIBRARY}/VERSION": f"{version}\n".encode(), **{name: path.read_bytes() for name, path in found.items()}}


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the path in the folder and the path of each file below it, without caches and pages."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not set(parts).intersection(LEFT_OUT):
            yield "/".join(parts), path


def metadata_files(folder: str, project: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files that tell pip of the package, by path."""
    lines = [
        "Metadata-Version: 2.4", f"Name: {project['name']}", f"Version: {project['version']}",
        f"Summary: {project['description']}", f"Requires-Python: {project['requires-python']}",
        f"License-Expression: {LICENSES}", *requirements(), "Description-Content-Type: text/markdown",
    ]  # fmt: skip
    description = (ROOT / project["readme"]).read_text(encoding="utf-8")
    metadata = "\n".join(lines) + f"\n\n{description}"
    return {
        f"{folder}/METADATA": metadata.encode(),
        f"{folder}/WHEEL": WHEEL.encode(),
        f"{folder}/entry_points.txt": COMMAND.encode(),
    }


def requirements() -> Iterator[str]:
    """Yield the lines for what the wheel requires: what is locked, and for each extra what is locked besides."""
    base = locked("requirements.txt")
    yield from (f"Requires-Dist: {spec}" + (f" ; {marker}" if marker else "") for spec, marker in base)
    for extra, (lock, names) in EXTRAS.items():
        yield f"Provides-Extra: {extra}"
        for spec, marker in locked(f"requirements-{lock}.txt"):
            is_more = spec.partition("==")[0] in names if names else (spec, marker) not in base
            if is_more:
                yield f"Requires-Dist: {spec} ; " + (f"({marker}) and " if marker else "") + f"extra == '{extra}'"


def locked(name: str) -> list[tuple[str, str]]:
    """Return what a lock file names: each package with its version, and for which machines, empty for all."""
    text = (ROOT / "setup" / name).read_text(encoding="utf-8")
    return [(f"{package}=={version}", marker) for package, version, marker in REQUIREMENT.findall(text)]


def pack(files: Mapping[str, bytes], record: str) -> bytes:
    """Return a zip archive of the files and of their record, in the order and with the times that all builds give."""
    rows = [f"{name},sha256={digest(content)},{len(content)}" for name, content in sorted(files.items())]
    contents = {**dict(sorted(files.items())), record: "\n".join([*rows, f"{record},,", ""]).encode()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file as records have it."""
    return urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
