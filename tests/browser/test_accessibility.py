"""What axe-core finds against WCAG 2.2 A and AA: nothing."""

from pathlib import Path

import pytest
from deck import walk
from playwright.sync_api import Page
from visitor import ROOT, Visitor

pytestmark = pytest.mark.browser

RUN = """async () => {
  const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const result = await axe.run(document, {runOnly: {type: "tag", values: levels}, resultTypes: ["violations"], iframes: false});
  return result.violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the text of axe-core."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_handout(pages: Path, visitor: Visitor, axe: str, scheme: str) -> None:
    page = visitor.open(pages / "handout.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert violations(page) == []


def test_axe_finds_nothing_on_any_slide(pages: Path, visitor: Visitor, axe: str) -> None:
    page = visitor.open(pages / "slides.html", bypass_csp=True, reduced_motion="reduce")
    page.evaluate(axe)
    found = {state: faults for state in walk(page) if (faults := violations(page))}
    assert found == {}
