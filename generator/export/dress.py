"""What stands in a page's head: its style sheets and scripts, and the policy that lets in nothing else."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from markupsafe import Markup

TEMPLATES: Final = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class Dress:
    """Style sheets and scripts to be written into a page as they are, and the page's Content-Security-Policy."""

    policy: str
    styles: tuple[Markup, ...]
    scripts: tuple[Markup, ...]
    bare_styles: tuple[Markup, ...] = ()  # for a page whose scripts are not run


def make_dress(
    styles: Iterable[str],
    scripts: Iterable[str],
    *,
    bare_styles: Iterable[str] = (),
    allowed: Iterable[str] = (),
    extra: str = "",
) -> Dress:
    """Return the dress of a page with these texts.

    `allowed` are further style sheets or scripts that a script of the page inserts while it runs, `extra` further
    directives of the policy. Raises ValueError when a text would end its own element.
    """
    sheets, programs, bare = tuple(styles), tuple(scripts), tuple(bare_styles)
    other = tuple(allowed)
    policy = (
        f"default-src 'none'; script-src {_sources([*programs, *other])}; "
        f"style-src {_sources([*sheets, *bare, *other])}; "
        "img-src data:; media-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; "
        f"base-uri 'none'{extra}"
    )
    return Dress(policy, _raw(sheets, "</style"), _raw(programs, "</script"), _raw(bare, "</style"))


def hash_source(text: str) -> str:
    """Return the source expression by which a policy lets in exactly `text`."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def read_template(*names: str) -> str:
    """Return the texts of files below the template folder, one after the other."""
    return "\n".join((TEMPLATES / name).read_text(encoding="utf-8").strip() for name in names) + "\n"


def _sources(texts: list[str]) -> str:
    return " ".join(hash_source(text) for text in texts) or "'none'"


def _raw(texts: tuple[str, ...], end: str) -> tuple[Markup, ...]:
    for text in texts:
        if end in text.lower():
            raise ValueError(f"a text that is to stand in an element of its own holds '{end}'")
    return tuple(Markup(text) for text in texts)  # noqa: S704 - our own files, not an author's text
