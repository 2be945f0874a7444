"""Whatever a lecture's text is, it is read, or an error at one of its lines says what is wrong."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import LectureError
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.plan.planner import plan_lecture

PIECES = [
    "## Title", "# Part {minutes=3}", "---", ". . .", "+++", "text", "- item", "  1. item", "> quote", "", "", "\t", "    ", ":::",
    "::::", ":::{notes}", "::::{columns}", ":::{solution}", ":::{handout}", ":::{figure} half", ":number: 3", ":::{code}",
    ":run: no", ":::{quiz} Why?", "- [ ] no", "- [x] yes", ":::{claim} 1 < 2", ":::{exercise}", ":::{incremental}", "```",
    "~~~python", "$$", "$x^2$", "$h = {value}`toss.accuracy`$", "{value}`toss.accuracy:percent`", "{ref}`title`", "{term}`a`",
    "`code`", "`", "<!--", "-->", "<div>", "</div>", "<b>", "| a | b |", "|---|---|", "| {value}`1 + 1` | `x|y` |",
    "- :::{notes}", "  :::", "> :::{code}", "> :::", "1. :::{quiz} Q?", "   - [x] a", "   - [ ] b", "   :::", "  words", "* * a", "-", "\t:::{notes}",
    ":::{embed} a.mp4", ":::{embed} https://example.org/a", ":::{include} lectures/a.md", ":section: A", ":alt: words", "## A {background=#12}",
    "![a](b.png)", "[a](https://example.org)", "[a][b]", "[b]: https://example.org", "Term\n: meaning", "漢字 é \u202e", "\u2028", "\\",
    "$$x$$ (name)", "{ref}`name`", "![a](b.png){width=5%}", "</b>", "<td>x", "==x==", "[see {ref}`title`](#a)", "<![a](b)>", "[b]", "> > - ",
]  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None, derandomize=True
)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=25).map("\n".join))
def test_a_text_is_read_or_its_fault_is_told_at_its_line(write_lecture: Callable[..., Path], text: str) -> None:
    try:
        path = write_lecture(f"## A\n\n{text}\n")
    except UnicodeEncodeError:  # lone surrogates cannot be in a file
        return
    lines = path.read_text(encoding="utf-8").count("\n") + 1
    try:
        errors = plan_lecture(read_lecture(path, path.parents[1]), path.parents[1], Profile()).errors
    except LectureError as error:
        errors = [error]
    for error in errors:
        assert error.where is not None
        assert 1 <= error.where.line <= lines
        assert "a fault of the generator" not in error.hint
