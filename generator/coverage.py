"""The coverage: what verbs reach in a project as it is now, as digests by module and statement."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from generator.atlas import Atlas, Module
from generator.inert import Judgement
from generator.reach import EverythingFound, Parts, Reach
from generator.statement import NO_PYTHON, read_statements


def digest_of_parts(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is reached."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()


class Covered(NamedTuple):
    """What code reaches, by module and statement, and the SHA-256 of it."""

    parts: Parts
    digest: str


class Coverage:
    """What code reaches in a project as it is now; answers are kept."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.judgement = Judgement(atlas)
        self.known: dict[tuple[str, ...], Covered] = {}
        self.kept = 0  # how many of the answers come from the last build

    def of_verbs(self, module: str, verbs: Sequence[str]) -> Covered:
        """Return what the `verbs` of `module` reach."""

        def begin(reach: Reach) -> None:
            reach.load(module)
            for verb in verbs:
                reach.look_into(module, (verb,))

        return self.answer(("verbs", module, *verbs), begin)

    def of_modules(self, modules: Sequence[str]) -> Covered:
        """Return what all of some modules reaches."""

        def begin(reach: Reach) -> None:
            for module in modules:
                reach.load(module)
                reach.take_all(module)

        return self.answer(("modules", *modules), begin)

    def of_texts(self, texts: Sequence[str]) -> Covered:
        """Return what code reaches that is in no file of the project; itself is left out."""

        def begin(reach: Reach) -> None:
            # Lines for IPython alone are no Python.
            lines = (line for text in texts for line in text.split("\n"))
            code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
            statements = read_statements(code.encode(), "", "")
            if any(statement.label == NO_PYTHON for statement in statements):
                raise EverythingFound
            for statement in statements:
                reach.follow(Module("", "", statements), statement)

        return self.answer(("texts", *texts), begin)

    def answer(self, asked: tuple[str, ...], begin: Callable[[Reach], None]) -> Covered:
        """Return what is reached from where `begin` begins."""
        with self.atlas.lock:
            if asked not in self.known:
                reach = Reach(self.atlas, self.judgement)
                try:
                    begin(reach)
                    reach.walk()
                    parts = reach.parts()
                except EverythingFound:
                    parts = self.everything()
                self.known[asked] = Covered(parts, digest_of_parts(parts))
            return self.known[asked]

    def everything(self) -> Parts:
        """Return all of the project's code, as it is written."""
        paths = [path for path in self.atlas.files_below(self.atlas.project) if path.suffix == ".py"]
        names = [path.relative_to(self.atlas.project).as_posix() for path in paths]
        return {name: {"the file": self.atlas.files(name)[name]} for name in names}
