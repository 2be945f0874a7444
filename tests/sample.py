"""A small content for tests, quick to build: two figure kinds, two experiments, two terms and two works."""

from pathlib import Path

ROOT = Path(__file__).parent.parent

MARK = '''"""A square whose side is a number."""

from figures.parts.words import Description


def trace(*, number: float) -> float:
    if number > 1:
        raise ValueError("the number is above 1; take a share")
    return number


def describe(number):
    return Description(f"The number {number}.", (), {"number": number})


def draw(number, theme):
    from matplotlib.figure import Figure

    return Figure(figsize=(1, 1))
'''

REEL = (
    MARK
    + """

def animate(number, scene):
    raise RuntimeError("the reel is torn")
"""
)

TOSS = '''"""Tosses of a coin."""


def measure(*, seed: int = 0, epochs: int = 5) -> dict:
    return {"accuracy": 0.9 + seed / 100, "epochs": epochs}
'''

BROKEN = '''"""An experiment that cannot be run."""


def measure(*, seed: int = 0) -> dict:
    raise RuntimeError("the coin is lost")
'''

GLOSSARY = """stride
: The number of cells by which a window moves.

ReLU
: Zero for negative numbers: $\\max(0, x)$.
"""

WORKS = """@article{lecun1998,
  author = {LeCun, Yann and Bottou, L{\\'e}on and Bengio, Yoshua and Haffner, Patrick},
  title = {{Gradient-based learning applied to document recognition}},
  journal = {Proceedings of the IEEE}, volume = 86, number = 11, pages = {2278--2324}, year = 1998
}

@misc{dumoulin2016,
  author = {Dumoulin, Vincent and Visin, Francesco},
  title = {{A guide to convolution arithmetic for deep learning}}, year = 2016, eprint = {1603.07285}
}

@misc{nobody, title = {{A work without an author}}, year = 2000}
"""


def fill(project: Path) -> None:
    """Put the sample's figures, experiments, terms and works into `project`."""
    (project / "figures" / "mark.py").write_text(MARK)
    (project / "figures" / "reel.py").write_text(REEL)
    (project / "figures" / "parts").mkdir()
    for name in ("arithmetic", "words"):
        shared = Path("figures", "parts", f"{name}.py")
        (project / shared).write_bytes((ROOT / shared).read_bytes())
    (project / "lectures" / "glossary.md").write_text(GLOSSARY)
    (project / "lectures" / "references.bib").write_text(WORKS)
    (project / "lectures" / "experiments" / "toss.py").write_text(TOSS)
    (project / "lectures" / "experiments" / "broken.py").write_text(BROKEN)
