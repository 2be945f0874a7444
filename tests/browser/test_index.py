"""The course's index as a student meets it: on a phone, in the dark, and without a network."""

from pathlib import Path

import pytest
from sample_lecture import sample_assets, sample_notebook
from visitor import ROOT, Visitor, violations

from generator.commands.build import write_course_index
from generator.document.tree import Document
from generator.formats import handout, notebook, slides
from generator.lecture.course import Course

pytestmark = pytest.mark.browser

BUILT = sorted(path for path in (ROOT / "build").glob("*index.html")) + sorted(
    (ROOT / "build").glob("quick/index.html")
)


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the index of a course of two lectures."""
    folder = tmp_path_factory.mktemp("site")
    for name, title in (("one", "What a convolution sees"), ("two", "Alongwordthatnoonewouldbreak" * 4)):
        (folder / name).mkdir()
        for module in (slides, handout, notebook):
            made = module.export(Document(sample_notebook(title=title, profile="quick"), sample_assets()), ROOT)
            (folder / name / module.FORMAT.file_name).write_bytes(made)
    write_course_index(Course("Convolutional networks, measured", (), {}), ["one", "two"], folder)
    return folder / "index.html"


@pytest.fixture(params=["sample", *(str(path.relative_to(ROOT)) for path in BUILT)])
def index(request: pytest.FixtureRequest, sample_index: Path) -> Path:
    """Return an index: the made-up one, and those that are built."""
    return sample_index if request.param == "sample" else ROOT / request.param


@pytest.mark.parametrize("width", [320, 1280])
def test_the_index_fits_asks_for_nothing_and_complains_of_nothing(index: Path, visitor: Visitor, width: int) -> None:
    page = visitor.open(index, viewport={"width": width, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert visitor.loaded_from_elsewhere == []
    assert visitor.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_index(index: Path, visitor: Visitor, scheme: str) -> None:
    page = visitor.open(index, color_scheme=scheme, bypass_csp=True)
    page.evaluate((ROOT / "setup" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert violations(page) == []


def test_a_link_opens_the_handout_at_the_part(sample_index: Path, visitor: Visitor) -> None:
    page = visitor.open(sample_index)
    page.get_by_role("link", name="What was measured").first.click()
    page.locator("h2#part-b").wait_for()
    assert page.url.endswith("one/handout.html#part-b")
