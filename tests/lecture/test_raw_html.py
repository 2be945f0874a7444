"""What an author is told of raw HTML is what the sanitizer does."""

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.html.markdown import clean
from generator.lecture.raw_html import find_lost

TAGS = ["b", "kbd", "div", "span", "details", "video", "a", "td", "ol", "math", "mi", "font", "h2", "section", "u"]
NAMES = ["title", "lang", "style", "class", "id", "onclick", "href", "colspan", "start", "dir", "display", "data-x"]
AROUND = {"td": "<table><tbody><tr>{}</tr></tbody></table>", "mi": "<math>{}</math>"}
VALUES = ["x", "1", "https://example.org", "javascript:alert(1)", "#a", "page.html", "mailto:a@b.org"]


class Counter(HTMLParser):
    """Counts the tags, and the attributes, of a piece of HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [tag, *(f"{tag} {name}" for name, _ in attrs if name != "rel")]


@settings(deadline=None, derandomize=True)
@given(st.sampled_from(TAGS), st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2))
def test_what_is_not_told_stays(tag: str, attributes: dict[str, str]) -> None:
    words = "".join(f' {name}="{value}"' for name, value in attributes.items())
    element = f"<{tag}{words}>x</{tag}>"
    markup = AROUND.get(tag, "{}").format(element)
    if not list(find_lost(markup)):
        assert Counter(clean(markup)).seen == Counter(markup).seen


def test_a_loss_is_told_with_its_line() -> None:
    assert [(line, what) for line, what, _ in find_lost("<b>a</b>\n<i>b</i>\n<video src='x'>")] == [(2, "<video>")]
