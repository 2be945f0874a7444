"""What axe-core finds against WCAG 2.2 A and AA: nothing."""

from pathlib import Path

import pytest
from deck import walk
from visitor import Visitor, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_handout(pages: Path, visitor: Visitor, axe: str, scheme: str) -> None:
    page = visitor.open(pages / "handout.html", color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert violations(page) == []


def test_axe_finds_nothing_where_a_verdict_says_what_it_rests_on(
    visitor: Visitor, sample_folder: Path, axe: str
) -> None:
    page = visitor.open(sample_folder / "handout.html", bypass_csp=True)
    page.evaluate(axe)
    for verdict in page.locator(".verdict").all():
        verdict.focus()
        assert violations(page) == []


def test_axe_finds_nothing_on_any_slide_once_all_of_it_is_shown(pages: Path, visitor: Visitor, axe: str) -> None:
    page = visitor.open(pages / "slides.html", bypass_csp=True, reduced_motion="reduce")
    page.evaluate(axe)
    found = {state: faults for state in walk(page, is_whole=True) if (faults := violations(page))}
    assert found == {}
