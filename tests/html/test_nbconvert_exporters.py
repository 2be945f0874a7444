"""A build loads of nbconvert what its pages need, and whoever needs more of it gets it."""

import subprocess
import sys
from pathlib import Path

import pytest

OURS = "from generator.html.nbconvert_exporters import NotebookExporter, TemplateExporter"
BUILD = "import sys, generator.commands.build; from generator.formats import find_formats; find_formats()"


def said_by(program: str) -> str:
    """Return what `program` prints in a Python of its own, where nothing has been imported before."""
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_build_loads_no_kernel_client_no_web_server_and_no_parser_of_html():
    unneeded = {"jupyter_client", "nbclient", "tornado", "soupsieve", "lxml", "nbconvert.exporters.latex"}
    assert said_by(f"{BUILD}; print(sorted({unneeded} & sys.modules.keys()))") == "[]"


def test_a_build_loads_what_draws_progress_and_formulas_only_where_there_are_any():
    assert said_by(f"{BUILD}; print(sorted({{'rich', 'latex2mathml'}} & sys.modules.keys()))") == "[]"


@pytest.mark.parametrize(
    "more",
    [
        "from nbconvert import TemplateExporter as theirs",
        "from nbconvert.exporters import TemplateExporter as theirs",
        "import nbconvert; theirs = nbconvert.SlidesExporter.__mro__[2]",
        "import nbconvert.exporters.latex; theirs = nbconvert.exporters.latex.LatexExporter.__mro__[1]",
        "from nbconvert.preprocessors import ExecutePreprocessor; from nbconvert import TemplateExporter as theirs",
        "import nbconvert.preprocessors.coalescestreams; from nbconvert import TemplateExporter as theirs",
    ],
)
def test_the_rest_of_nbconvert_is_there_for_whoever_asks(more):
    assert said_by(f"{OURS}\n{more}\nprint(theirs is TemplateExporter)") == "True"


def test_nbconvert_says_of_what_it_does_not_have_that_it_has_it_not():
    assert (
        said_by(f"{OURS}\nimport nbconvert\nprint(hasattr(nbconvert, 'nothing'), nbconvert.__version__[0])")
        == "False 7"
    )


def test_nbconvert_imported_before_stays_as_it_is():
    before = "import nbconvert; from nbconvert import TemplateExporter as theirs"
    assert said_by(f"{before}\n{OURS}\nprint(theirs is TemplateExporter, type(nbconvert).__name__)") == "True module"


@pytest.mark.parametrize("first", ["bs4", "bs4.filter", "bs4.element"])
def test_beautiful_soup_works_whichever_of_its_modules_is_imported_first(first):
    uses = "from bs4 import BeautifulSoup; print(BeautifulSoup('<p>a<b>c</b></p>', 'html.parser').select('b'))"
    assert said_by(f"{OURS}\nimport {first}\n{uses}") == "[<b>c</b>]"
