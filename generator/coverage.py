"""The coverage: what verbs reach in a project as it is now, as digests by module and statement."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from generator.atlas import Atlas, Module, files_below
from generator.inert import Judgement
from generator.reach import EverythingFound, Parts, Reach
from generator.statement import NO_PYTHON, read_statements


class Coverage:
    """What the verbs of modules reach in a project as it is now; answers are kept."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.judgement = Judgement(atlas)
        self.known: dict[tuple[str, ...], Parts] = {}

    def parts(self, module: str, verbs: Iterable[str]) -> Parts:
        """Return what the `verbs` of `module` reach, all of the module when none is named."""
        asked = (module, *verbs)
        with self.atlas.lock:
            if asked not in self.known:
                self.known[asked] = self.find(module, asked[1:])
            return self.known[asked]

    def find(self, module: str, verbs: tuple[str, ...]) -> Parts:
        """Return what `parts` does, found anew."""
        reach = Reach(self.atlas, self.judgement)
        try:
            reach.load(module)
            for verb in verbs:
                reach.look_into(module, (verb,))
            if not verbs:
                reach.take_all(module)
            reach.walk()
        except EverythingFound as found:
            return self.everything(text=found.text)
        return reach.parts()

    def parts_of_texts(self, texts: Iterable[str]) -> Parts:
        """Return what code reaches that is in no file of the project; itself is left out."""
        reach = Reach(self.atlas, self.judgement)
        lines = (line for text in texts for line in text.split("\n"))
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)  # these are IPython's
        statements = read_statements(code.encode(), "", "")
        if any(statement.label == NO_PYTHON for statement in statements):
            return self.everything(text=False)
        try:
            with self.atlas.lock:
                for statement in statements:
                    reach.follow(Module("", "", statements), statement)
                reach.walk()
        except EverythingFound as found:
            return self.everything(text=found.text)
        return reach.parts()

    def everything(self, *, text: bool) -> Parts:
        """Return all of the project's code, with docstrings and comments if `text` matters."""
        found: Parts = {}
        for path in files_below(self.atlas.project):
            if path.suffix != ".py":
                continue
            name = path.relative_to(self.atlas.project).as_posix()
            if text:
                found[name] = {"the file": sha256(path.read_bytes()).hexdigest()}
            else:
                parts = self.atlas.statements(name, "")
                found[name] = {f"{part.label} {place}": part.digest for place, part in enumerate(parts)}
        return found


def parts_digest(parts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is reached."""
    digest = sha256()
    for module in sorted(parts):
        for label in sorted(parts[module]):
            digest.update(f"{module}\0{label}\0{parts[module][label]}\n".encode())
    return digest.hexdigest()
