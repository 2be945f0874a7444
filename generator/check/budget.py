"""How large a page may be. For now this warns, and fails nothing."""

from collections.abc import Iterator
from typing import Final

from generator.check.finding import Finding
from generator.check.page import Page
from generator.export import handout, slides

DECK_BYTES: Final = 1_000_000  # without its films
HANDOUT_BYTES: Final = 5_000_000


def find_excess(page: Page) -> Iterator[Finding]:
    """Yield a warning for a page that is larger than its budget."""
    size = page.path.stat().st_size
    films = sum(len(film.get_text()) for film in page.tree.select('script[type="text/plain"]'))
    if page.name == slides.FILE_NAME and size - films > DECK_BYTES:
        yield _warn(page, size - films, DECK_BYTES, " without its films")
    if page.name == handout.FILE_NAME and size > HANDOUT_BYTES:
        yield _warn(page, size, HANDOUT_BYTES, "")


def _warn(page: Page, size: int, budget: int, what: str) -> Finding:
    problem = f"the page has {size / 1e6:.1f} MB{what}, its budget is {budget / 1e6:g} MB"
    return page.blame(None, problem, "look for the largest pictures and films", is_warning=True)
