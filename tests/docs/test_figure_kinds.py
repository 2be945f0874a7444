"""The reference of figure kinds is what their files say: `GOLDEN=write` writes it anew."""

import os
from collections.abc import Iterator
from pathlib import Path

from generator.errors import Where
from generator.plan.recipes import Recipe, read_recipe, recipe_names

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guide" / "figure-kinds.md"
HEAD = """# The kinds of figure

This page is written by a test from the files in `figures/`. After a change there,
`GOLDEN=write .venv/bin/python -m pytest tests/docs/test_figure_kinds.py` writes it anew.

The parameters of a kind are the options that a lecture may write in a [`{figure}`](directives.md#figure), beside
`:name:`, `:caption:`, `:view:`, `:reveal:` and `:varies:`, which every figure has. How values are written is explained under
[arguments of figures](values.md#arguments-of-figures). Types are written as in Python:

| type | what to write |
|:--|:--|
| `int`, `float`, `str`, `bool` | a whole number, a number, a text, yes or no |
| `Sequence[int]`, `list[float]` | a list: `[1, 2]` |
| `tuple[int, int]` | a list of exactly two whole numbers |
| `ArrayLike`, `Array` | numbers: a list, a list of lists, `digit(5)`, `random(0, 6, 6)`, or an array of an experiment |
| `Mapping[str, Any]` | results of an experiment: `convnet.history` |
| `Literal['a', 'b']` | one of these texts |
| `… \\| None` | may be left out |

`make gallery` shows each kind in pictures, with the lines that made them and the facts that a lecture can quote.
"""


def write_page(recipes: list[Recipe]) -> str:
    """Return the whole page: a table of the kinds, then a section on each."""
    listed = "".join(f"| [{each.name}](#{each.name}) | {summary_of(each)} | {film_of(each)} |\n" for each in recipes)
    table = f"| kind | what it shows | film |\n|:--|:--|:--|\n{listed}"
    return f"{HEAD}\n{table}" + "".join(map(write_section, recipes))


def summary_of(recipe: Recipe) -> str:
    """Return the first paragraph of a kind's docstring, on one line."""
    return " ".join(recipe.doc.partition("\n\n")[0].split())


def film_of(recipe: Recipe) -> str:
    """Return whether a kind has a film."""
    return "yes" if "animate" in recipe.verbs else "no"


def write_section(recipe: Recipe) -> str:
    """Return what the page says of one kind: its summary, its parameters, and what `trace` says about these."""
    about = " ".join(recipe.usage.partition("\n\n")[2].split())
    about = about.replace("Raises ValueError for", "It is an error to give").replace(
        "Raises ValueError", "It is an error"
    )
    table = ["| parameter | type | default |", "|:--|:--|:--|", *write_rows(recipe)]
    paragraphs = [f"## {recipe.name}", summary_of(recipe), "\n".join(table), about, f"Film: {film_of(recipe)}."]
    return "\n" + "\n\n".join(filter(None, paragraphs)) + "\n"


def write_rows(recipe: Recipe) -> Iterator[str]:
    """Yield a row for each parameter; names that the file itself gives to values are spelled out."""
    aliases = dict(recipe.aliases)
    for parameter in recipe.parameters:
        default = aliases.get(parameter.default, parameter.default)
        shown = "required" if parameter.required else f"`{default}`"
        annotation = aliases.get(parameter.annotation, parameter.annotation).replace("|", "\\|")
        yield f"| `:{parameter.name}:` | `{annotation}` | {shown} |"


def test_the_reference_of_figure_kinds_is_up_to_date():
    recipes = [read_recipe("figure", name, ROOT, Where("figures")) for name in recipe_names("figure", ROOT)]
    page = write_page(recipes)
    if os.environ.get("GOLDEN") == "write":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.is_file(), "GOLDEN=write writes the page; read it before you keep it"
    assert PAGE.read_text(encoding="utf-8") == page
