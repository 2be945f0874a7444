"""Markdown that a lecture may hold, and HTML that must never come through it."""

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import PageError
from generator.html.markdown import render, render_inline

PIXEL = "data:image/png;base64,iVBORw0KGgo="

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.invalid/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)//",
    f'<img src="{PIXEL}" onload="alert(1)">',
    "<img src=https://evil.invalid/beacon.png>",
    "<img srcset='https://evil.invalid/a.png 1x'>",
    "![x](https://evil.invalid/beacon.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='//evil.invalid/'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='../other.html' ping='https://evil.invalid'>x</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='https://evil.invalid'><button formaction='javascript:alert(1)'>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<base href='https://evil.invalid/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.invalid'>",
    "<link rel=stylesheet href='https://evil.invalid/x.css'>",
    "<style>@import 'https://evil.invalid/x.css'; body { display: none }</style>",
    "<p style='position:fixed;inset:0;background:url(https://evil.invalid)'>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video autoplay src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<textarea>\n\n<img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<div id=x name=body class='reveal slides'>x</div>",
    "<section class='notes'>x</section>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
]

FORBIDDEN = {
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "svg", "body", "base", "meta", "link",
    "video", "audio", "section", "aside", "template", "noscript", "textarea", "details", "marquee", "xmp", "h1", "h2",
}  # fmt: skip


class Inspector(HTMLParser):
    """Notes everything in a piece of HTML that could run, load or take over."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [tag] if tag in FORBIDDEN else []
        for name, value in attrs:
            text = value or ""
            if name.startswith("on") or name in {"style", "id", "name", "srcset", "ping", "xlink:href", "formaction"}:
                self.faults.append(name)
            if name == "href" and not text.startswith(("http://", "https://", "#")):
                self.faults.append(f"href {text}")
            if name == "src" and not text.startswith("data:image/"):
                self.faults.append(f"src {text}")
            if name == "class" and {"reveal", "slides", "notes", "sr-only"} & set(text.split()):
                self.faults.append(f"class {text}")


def faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    try:
        html = str(render(f"before\n\n{text}\n\nafter"))
    except PageError:
        return  # a formula that is refused shows nothing at all
    assert faults(html) == []
    assert "before" in html


@given(st.lists(st.sampled_from([*HOSTILE, "<", ">", '"', "'", "`", "\n", "</p>", "<div>", "<!--"]), max_size=5))
def test_nothing_hostile_comes_through_in_any_order(pieces: list[str]) -> None:
    try:
        html = str(render(" ".join(pieces)))
    except PageError:
        return
    assert faults(html) == []


@pytest.mark.parametrize("text", ["<div>", "<table><tr>", "<b>", "<pre>", "<ul><li>", "<math><mi>x"])
def test_a_tag_left_open_does_not_reach_past_its_own_text(text: str) -> None:
    html = str(render(text))
    assert html.count("<div") == html.count("</div>")
    assert html.count("<table") == html.count("</table>")
    assert html.count("<pre") == html.count("</pre>")


def test_commonmark_with_tables_is_understood() -> None:
    html = str(render("**a** and *b*\n\n| l | r |\n|:-:|--:|\n| 1 | 2 |"))
    assert "<strong>a</strong> and <em>b</em>" in html
    assert '<td class="center">1</td>' in html
    assert '<td class="right">2</td>' in html


def test_a_verdict_can_be_reached_without_a_mouse() -> None:
    verdict = '<span class="verdict" title="3 seeds each: &quot;a&quot; &lt; b">lower than</span>'
    reached = verdict.replace("title=", 'tabindex="0" aria-description=').replace("&lt;", "<")
    assert html.unescape(str(render(f"It is {verdict} that."))) == html.unescape(f"<p>It is {reached} that.</p>\n")


def test_a_measured_value_keeps_its_origin() -> None:
    value = '<data class="value" value="0.9912" title="mnist_convnet, seed 0">99.1 %</data>'
    assert value in str(render(f"It reaches {value}."))


def test_a_picture_inside_the_text_stays() -> None:
    assert PIXEL in str(render(f"![one pixel]({PIXEL})"))


def test_headings_are_lowered_below_the_slides_title() -> None:
    assert str(render("# A", heading=4)) == "<h4>A</h4>\n"
    assert str(render("##### A", heading=4)) == "<h5>A</h5>\n"


def test_each_item_of_an_incremental_list_is_a_fragment() -> None:
    assert str(render("- a\n- b", incremental=True)).count('<li class="fragment">') == 2
    assert "fragment" not in str(render("- a\n- b"))


def test_a_formula_becomes_mathml() -> None:
    html = str(render("The size is $\\left\\lfloor \\frac{n}{s} \\right\\rfloor$ and\n\n$$x^2$$"))
    assert "<mfrac>" in html
    assert '<math display="block">' in html


def test_dollars_with_a_space_or_a_digit_after_them_are_money() -> None:
    assert "<math" not in str(render("It costs $5 and $6, or $ 7."))


def test_a_listing_has_a_span_for_each_line_and_escapes_its_text() -> None:
    html = str(render("```python\nif a < b:\n    '''two\n    lines'''\n```"))
    assert html.count('<span class="line">') == 3
    assert "&lt;" in html


def test_a_language_nobody_knows_is_shown_as_plain_text() -> None:
    assert '<span class="line">x &amp; y</span>' in str(render("```nonsense\nx & y\n```"))


def test_a_title_keeps_code_and_formulas_in_its_line() -> None:
    assert str(render_inline("The `kernel` of $3 \\times 3$")).startswith("The <code>kernel</code> of <math")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- [ ] open\n- [x] done", "<li>☐ open</li>\n<li>☑ done</li>"),
        ("~~gone~~", "<s>gone</s>"),
        ("see https://example.org/a_b_c.", '<a href="https://example.org/a_b_c" rel="noopener noreferrer">'),
        ("[mail](mailto:a@b.org)", '<a href="mailto:a@b.org" rel="noopener noreferrer">mail</a>'),
        ("Term\n: Its meaning", "<dt>Term</dt>\n<dd>Its meaning</dd>"),
    ],
)
def test_what_authors_write_elsewhere_works(text: str, html: str) -> None:
    assert html in str(render(text))


@pytest.mark.parametrize("text", ["A stride of $2$, and", "($x$)", "is $x$."])
def test_a_line_does_not_end_between_a_formula_and_the_sign_behind_it(text: str) -> None:
    assert re.search(r'<span class="unbroken"><math>.*?</math>[,.)]</span>', str(render_inline(text)))


@pytest.mark.parametrize("text", ["A stride of $2$ and", "$$x$$."])
def test_a_formula_with_no_sign_behind_it_or_on_its_own_line_stays_as_it_is(text: str) -> None:
    assert "unbroken" not in render(text)
