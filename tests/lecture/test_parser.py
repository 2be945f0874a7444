from pathlib import Path

import pytest

from generator.directives.claim import Claim
from generator.directives.code import Code
from generator.directives.columns import Columns
from generator.directives.figure import Figure
from generator.directives.notes import Notes
from generator.directives.quiz import Choice, Quiz
from generator.errors import SourceError, Where
from generator.lecture.blocks import Lecture, Only, Pause, Prose, Text
from generator.lecture.parser import read_lecture


def at(line: int) -> Where:
    return Where("lectures/sample.md", line)


def read(path: Path) -> Lecture:
    return read_lecture(path, path.parent.parent)


def error_of(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path)
    return caught.value


def test_headings_make_parts_and_slides(write_lecture):
    lecture = read(write_lecture("# One\n\n## First\n\ntext\n\n## Second\n"))
    assert [(slide.title, slide.part, slide.starts_part) for slide in lecture.slides] == [
        ("One", "One", True),
        ("First", "One", False),
        ("Second", "One", False),
    ]


def test_equal_titles_get_anchors_of_their_own(write_lecture):
    lecture = read(write_lecture("## Stride\n\n## Stride\n"))
    assert [slide.anchor for slide in lecture.slides] == ["stride", "stride-2"]


def test_a_break_goes_on_under_the_same_title(write_lecture):
    lecture = read(write_lecture("## Stride\n\none\n\n---\n\ntwo\n"))
    assert [(slide.title, slide.continued) for slide in lecture.slides] == [("Stride", False), ("Stride", True)]


def test_a_slide_knows_its_planned_minutes(write_lecture):
    lecture = read(write_lecture("## Stride {minutes=2.5}\n"))
    assert (lecture.slides[0].title, lecture.slides[0].minutes) == ("Stride", 2.5)


def test_prose_keeps_its_line(write_lecture):
    lecture = read(write_lecture("## Stride\n\nfirst\n\nsecond\n"))
    assert lecture.slides[0].blocks == (Prose("first\n\nsecond", at(6)),)


def test_fenced_code_is_verbatim(write_lecture):
    lecture = read(write_lecture("## Stride\n\n```python\n{value}`x`\n```\n"))
    assert lecture.slides[0].blocks == (Prose("```python\n{value}`x`\n```", at(6), verbatim=True),)


def test_three_dots_are_a_pause(write_lecture):
    lecture = read(write_lecture("## Stride\n\none\n\n. . .\n\ntwo\n"))
    assert lecture.slides[0].blocks[1] == Pause(at(8))


def test_a_figure_has_its_options_with_their_lines(write_lecture):
    text = "## Stride\n\n:::{figure} half\n:number: 3\n:view: still\n\nA caption\nof two lines.\n:::\n"
    figure = read(write_lecture(text)).slides[0].blocks[0]
    assert isinstance(figure, Figure)
    assert (figure.kind, figure.caption.source, figure.view) == ("half", "A caption of two lines.", "still")
    assert [(option.name, option.text, option.line) for option in figure.options] == [("number", "3", 7)]


@pytest.mark.parametrize(("option", "waits"), [("", False), (":reveal: no\n", False), (":reveal: yes\n", True)])
def test_a_figure_can_wait_for_a_press(write_lecture, option, waits):
    figure = read(write_lecture(f"## A\n\n:::{{figure}} half\n:number: 3\n{option}:::\n")).slides[0].blocks[0]
    assert isinstance(figure, Figure)
    assert (figure.reveal, [option.name for option in figure.options]) == (waits, ["number"])


def test_columns_hold_blocks_whose_lines_count_from_the_file(write_lecture):
    text = "## Stride\n\n::::{columns}\nleft\n+++\n:::{figure} half\n:number: 3\n:::\n::::\n"
    columns = read(write_lecture(text)).slides[0].blocks[0]
    assert isinstance(columns, Columns)
    figure = columns.columns[1][0]
    assert isinstance(figure, Figure)
    assert (figure.line, figure.options[0].line) == (9, 10)


@pytest.mark.parametrize("inner", ["::::{columns}\nb\n+++\nc\n::::", "```diff\n+++\n```"])
def test_a_line_of_plus_signs_within_a_column_is_its_own(write_lecture, inner):
    (columns,) = read(write_lecture(f"## A\n\n:::::{{columns}}\na\n\n{inner}\n+++\nd\n:::::\n")).slides[0].blocks
    assert isinstance(columns, Columns)
    assert [len(column) for column in columns.columns] == [2, 1]


def test_notes_belong_to_the_speaker(write_lecture):
    lecture = read(write_lecture("## Stride\n\n:::{notes}\nAsk first.\n:::\n"))
    assert lecture.slides[0].blocks == (Notes(Text("Ask first.", at(7)), at(6)),)


def test_text_can_be_for_the_handout_alone(write_lecture):
    lecture = read(write_lecture("## Stride\n\n:::{handout}\nMore.\n:::\n"))
    assert lecture.slides[0].blocks == (Only("handout", (Prose("More.", at(7)),), at(6)),)


@pytest.mark.parametrize(("outer", "inner"), [("handout", "slides"), ("slides", "handout"), ("solution", "slides")])
def test_blocks_that_no_page_would_show_are_told_at_their_line(write_lecture, outer, inner):
    text = f"## A\n\n:::::{{{outer}}}\n::::{{columns}}\na\n+++\n:::{{{inner}}}\nb\n:::\n::::\n:::::\n"
    error = error_of(write_lecture(text))
    assert (error.where.line, "are on no page" in error.problem) == (10, True)


def test_a_claim_has_a_condition_and_a_sentence(write_lecture):
    lecture = read(write_lecture("## Stride\n\n:::{claim} toss.accuracy > 0.5\nMore than half.\n:::\n"))
    assert lecture.slides[0].blocks == (Claim("toss.accuracy > 0.5", Text("More than half.", at(7)), at(6)),)


def test_a_quiz_has_one_right_option(write_lecture):
    lecture = read(write_lecture("## Stride\n\n:::{quiz} How many?\n- [ ] one\n- [x] two\n\nBecause.\n:::\n"))
    choices = (Choice(Text("one", at(7)), is_right=False), Choice(Text("two", at(8)), is_right=True))
    assert lecture.slides[0].blocks == (Quiz(Text("How many?", at(6)), choices, 1, Text("Because.", at(10)), at(6)),)


def test_code_can_light_up_line_by_line(write_lecture):
    lecture = read(write_lecture("## Stride\n\n:::{code}\n:highlight: 1|2-3\na = 1\nb = 2\nc = 3\n:::\n"))
    code = lecture.slides[0].blocks[0]
    assert isinstance(code, Code)
    assert code.highlight == ((1,), (2, 3))


@pytest.mark.parametrize(
    ("option", "problem", "hint"),
    [
        ("0", "'0' is not a line", "lines count from 1"),
        ("1|3-2", "'3-2' is not a line", "spans go up"),
        ("1||2", "'' is not a line", "write for example"),
        ("1-999999", "'1-999999' is not a line", "write for example"),
        ("1|2-4", "there is no line 4 to highlight", "the code has 3 lines"),
    ],
)
def test_lines_that_the_code_has_not_cannot_light_up(write_lecture, option, problem, hint):
    error = error_of(write_lecture(f"## A\n\n:::{{code}}\n:run: no\n:highlight: {option}\na = 1\nb = 2\nc = 3\n:::\n"))
    assert str(error).startswith(f"lectures/sample.md:8: {problem}")
    assert hint in error.hint


def test_a_byte_order_mark_before_the_first_letter_is_not_part_of_the_text(write_lecture):
    path = write_lecture("## Stride\n\ntext\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path).slides[0].blocks == (Prose("text", at(6)),)


def test_after_a_byte_order_mark_lines_are_still_counted_from_the_first(write_lecture):
    path = write_lecture("## A\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\xe9\n")
    assert str(error_of(path)).startswith("lectures/sample.md:5: the text is not UTF-8")


def test_windows_line_ends_are_read_as_any_others(write_lecture):
    path = write_lecture("## Stride\n\ntext\n")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(path).slides[0].blocks == (Prose("text", at(6)),)


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("## A\n\n:::{figur} half\n:::\n", 6, "there is no directive '{figur}'", "did you mean 'figure'?"),
        ("## A\n\n:::{figure}\n:::\n", 6, "a figure needs its kind", "write for example"),
        ("## A\n\n:::{notes}\nnever closed\n", 6, "':::{notes}' is never closed", "end it with :::"),
        ("text\n\n## A\n", 4, "text before the first slide", "start a slide with ##"),
        ("##\n", 4, "a slide has no title", "write it behind the ##"),
        ("", 1, "the lecture has no slide", "start one with ##"),
        ("## A\n\n:::{quiz} Q?\n- [x] one\n- [x] two\n:::\n", 6, "a quiz needs a question", "- [x] right"),
        ("## A\n\n:::{columns}\none\n:::\n", 6, "columns need a line '+++'", "or leave {columns} away"),
        (
            "## A\n\n:::{code} x.py\n:funtion: f\n:::\n",
            7,
            "'{code}' has no option 'funtion'",
            "did you mean 'function'?",
        ),
        ("## A\n\n:::{claim}\nso\n:::\n", 6, "a claim needs a condition", "convnet.accuracy"),
        ("## A\n\n:::{figure} half\n:reveal: later\n:::\n", 7, "'reveal' is yes or no, not 'later'", ":reveal:"),
        ("## A\n\n:::{figure} half\n:view: cinema\n:::\n", 7, "a figure has no view 'cinema'", "film and still"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_line(write_lecture, text, line, problem, hint):
    error = error_of(write_lecture(text))
    assert str(error).startswith(f"lectures/sample.md:{line}: {problem}")
    assert hint in error.hint


@pytest.mark.parametrize(
    ("front", "line", "problem", "hint"),
    [
        ("minuts: 90\n", 3, "front matter has no 'minuts'", "did you mean 'minutes'?"),
        ("minutes: long\n", 3, "'minutes' is a number, not 'long'", "write minutes: 90"),
        ("subtitle: [\n", 3, "front matter is not YAML", "name: value"),
        ("experiments:\n  a: {seeds: x, recipe: toss}\n", 4, "seeds are a count", "write seeds: 3"),
        (
            "experiments:\n  a: {timeout: 1 h, recipe: toss}\n",
            4,
            "a timeout is a number of minutes, not '1 h'",
            "timeout: 60",
        ),
        (
            "experiments:\n  a: {timeout: -1, recipe: toss}\n",
            4,
            "a timeout is a number of minutes, not -1",
            "timeout: 60",
        ),
        (
            "subtitle: One: a first look\n",
            3,
            "front matter is not YAML",
            'put quotes around the text: subtitle: "One: a first look"',
        ),
        ("subtitle: @home\n", 3, "front matter is not YAML", 'put quotes around the text: subtitle: "@home"'),
        ("experiments:\n\ta: toss\n", 4, "front matter is not YAML", "spaces instead of tabs"),
        ("subtitle: 2026-13-45\n", 3, "front matter is not YAML: month must be in 1..12", '"2026-13-45"'),
        (f"subtitle: {'[' * 9999}\n", 2, "front matter is nested too deeply", "name: value"),
        ("minutes: 10\nminutes: 20\n", 4, "'minutes' is given twice", "it stands on line 3 too: keep one of the two"),
        ("minutes: 10\ntitle: Two\n", 4, "'title' is given twice", "line 2"),
        ("experiments:\n  a: toss\n  b: toss\n  a: toss\n", 6, "'a' is given twice", "line 4"),
        ("experiments:\n  a: {recipe: toss,\n   seeds: 1, seeds: 2}\n", 5, "'seeds' is given twice", "line 5"),
        ("experiments: &a\n  a: [*a, {b: 1, b: 2}]\n", 4, "'b' is given twice", "line 4"),
        ('subtitle: "\\ud800"\n', 3, "a text has U+D800 in it, which no page can show", "write the character itself"),
        ('experiments:\n  a: {recipe: toss, b: ["\\0"]}\n', 4, "a text has U+0000 in it", "write the character itself"),
        ("subtitle: Issue #3\n", 3, "'#3' is a comment in YAML, and left away", 'subtitle: "Issue #3"'),
        ("author: Ada   # me\n", 3, "'# me' is a comment in YAML, and left away", "put quotes around the text"),
        ("minutes: -5\n", 3, "a lecture does not last -5 minutes", "write minutes: 90"),
        ("minutes: .nan\n", 3, "a lecture does not last nan minutes", "write minutes: 90"),
        ("experiments:\n  a: 3\n", 4, "'a' does not say what to run", "write a: the_experiment"),
    ],
)
def test_wrong_front_matter_is_told_with_its_line(write_lecture, front, line, problem, hint):
    error = error_of(write_lecture("## A\n", front))
    assert str(error).startswith(f"lectures/sample.md:{line}: {problem}")
    assert hint in error.hint


def test_a_comment_in_front_matter_is_one_where_no_text_is_cut(write_lecture, project):
    front = 'minutes: 90 # the slot\n# a line\nsubtitle: "Issue #3" # quoted\nauthor: Ada#3\n'
    lecture = read_lecture(write_lecture("## A\n", front), project)
    assert (lecture.subtitle, lecture.author) == ("Issue #3", "Ada#3")


def test_a_link_that_is_defined_twice_is_told_at_the_second(write_lecture):
    text = "## A\n\n[a]\n\n[a]: https://a.b\n\n- x\n\n  [A]: https://c.d\n"
    error = error_of(write_lecture(text))
    assert str(error).startswith(
        "lectures/sample.md:12: the link '[a]' is defined twice\nhint: it is defined at lectures/sample.md:8 "
    )
    assert error.where.column == 3


def test_a_lecture_without_front_matter_is_refused(project):
    path = project / "lectures" / "bare.md"
    path.write_text("## A\n")
    assert str(error_of(path)).startswith("lectures/bare.md:1: the lecture has no front matter")


def test_text_that_is_not_utf8_is_told_with_its_line(write_lecture):
    path = write_lecture("## A\n")
    path.write_bytes(path.read_bytes() + b"caf\xe9\n")
    assert str(error_of(path)).startswith("lectures/sample.md:5: the text is not UTF-8")


def test_experiments_are_declared_with_seeds_and_arguments(write_lecture):
    front = "experiments:\n  small: {recipe: toss, seeds: 2, epochs: 1}\n  plain: toss\n"
    uses = read(write_lecture("## A\n", front)).experiments
    assert (uses["small"].recipe, uses["small"].seeds, uses["small"].arguments) == ("toss", (0, 1), (("epochs", 1),))
    assert (uses["plain"].recipe, uses["plain"].seeds) == ("toss", (0,))


def test_a_heading_says_what_it_answers(write_lecture, project):
    (slide,) = read(write_lecture("## Stride {minutes=2 answers=20,21}\n")).slides
    assert (slide.title, slide.minutes, slide.answers) == ("Stride", 2, ("20", "21"))


@pytest.mark.parametrize("title", ["A $x_{1}$", "A {value}`x`", "A `{x}`", "Set \\{1, 2}", "Set {1, 2\\}", "{a} and b", "$\\{1, 2\\}$", "A `{` b"])  # fmt: skip
def test_braces_that_belong_to_the_title_stay_in_it(write_lecture, title):
    assert read(write_lecture(f"## {title} {{minutes=3}}\n## {title}\n")).slides[1].title == title


def test_a_heading_gives_its_slide_an_anchor_and_its_continuation_one_like_it(write_lecture):
    slides = read(write_lecture("## Padding {#borders minutes=2}\n\na\n\n---\n\nb\n")).slides
    assert [(slide.title, slide.anchor) for slide in slides] == [("Padding", "borders"), ("Padding", "borders-2")]


def test_a_slide_and_what_goes_on_with_it_stand_on_what_the_heading_says(write_lecture):
    slides = read(write_lecture('## A {background="my photo.png" minutes=2}\n\na\n\n---\n\nb\n\n## B\n')).slides
    assert [(slide.background, slide.minutes) for slide in slides] == [
        ("my photo.png", 2),
        ("my photo.png", None),
        ("", None),
    ]


BRACES = "write for example {minutes=3}, or \\{ for a brace in the title"


@pytest.mark.parametrize(
    ("heading", "problem", "hint"),
    [
        ("## A {minute=3}", "a heading has no 'minute'", "did you mean 'minutes'?"),
        ("## A {minutes=long}", "'long' is not a number of minutes", "write for example {minutes=3}"),
        ("## A {minutes=3 minutes=4}", "the heading has 'minutes' twice", "keep one of the two"),
        ("## A {.smaller}", "a heading has no classes, such as '.smaller'", "break the slide with ---, or put less on it; all slides look alike"),
        ("## A {color=red}", "a heading has no 'color'", "there is answers, appendix, background, given, minutes"),
        ("## A {background=}", "'background=' behind the heading says nothing", "write it, or leave background= away"),
        ("## Set {1, 2}", "'1,' behind the heading is not understood", BRACES),
        ("## A {}", "the braces behind the heading are empty", BRACES),
        ("## A {minutes=3", "the heading opens a brace that is never closed: '{minutes=3'", BRACES),
        ("## A {x} {minutes=3}", "the heading has a second pair of braces: '{x}'", BRACES),
        ("## A {#My_Id}", "a slide cannot be called '#My_Id'", "write {#my-id}"),
        ("## A {#fig-a}", "a slide cannot be called '#fig-a'", "take another, such as {#my-slide}"),
        ("## B\n## A {#b}", "another slide is called '#b' already", "give each its own name"),
        ("## {#b}", "a slide has no title", "write it behind the ##"),
    ],
)  # fmt: skip
def test_what_stands_behind_a_heading_is_checked(write_lecture, heading, problem, hint):
    with pytest.raises(SourceError) as caught:
        read(write_lecture(f"{heading}\n"))
    assert (caught.value.problem, caught.value.hint) == (problem, hint)


def test_a_plan_longer_than_its_slot_is_told_where_the_slot_ends(write_lecture):
    path = write_lecture("## A {minutes=3}\n\n## B {minutes=2.5}\n\n## C {minutes=1}\n", "minutes: 5\n")
    assert str(read(path).overrun()) == (
        "lectures/sample.md:7: the slot of 5 minutes ends before 'B' does: 6.5 are planned\n"
        "hint: plan less, or raise minutes: in the front matter"
    )


@pytest.mark.parametrize("front", ["minutes: 6.5\n", ""])
def test_a_plan_that_fits_its_slot_or_has_none_is_not_remarked_on(write_lecture, front):
    assert read(write_lecture("## A {minutes=3}\n\n## B {minutes=3.5}\n", front)).overrun() is None


def test_columns_may_stand_in_columns(write_lecture):
    text = "## A\n\n::::{columns}\none\n\n:::{columns}\ntwo\n+++\nthree\n:::\n+++\nfour\n::::\n"
    (outer,) = read(write_lecture(text)).slides[0].blocks
    assert isinstance(outer, Columns)
    (first, inner), (last,) = outer.columns
    assert isinstance(inner, Columns)
    assert [(block.text, block.line) for block in (first, *(column[0] for column in inner.columns), last)] == [
        ("one", 7), ("two", 10), ("three", 12), ("four", 15),
    ]  # fmt: skip


def test_a_line_of_pluses_in_code_separates_no_columns(write_lecture):
    text = "## A\n\n:::{columns}\n```diff\n+++\n```\n+++\ntwo\n:::\n"
    (columns,) = read(write_lecture(text)).slides[0].blocks
    assert isinstance(columns, Columns)
    assert [column[0].text for column in columns.columns] == ["```diff\n+++\n```", "two"]


def test_a_comment_alone_is_no_text(write_lecture):
    lecture = read(write_lecture("<!-- license\n\n## No slide\n-->\n\n## A\n\none\n\n<!-- two -->\n\nthree\n"))
    assert [slide.title for slide in lecture.slides] == ["A"]
    assert [block.text for block in lecture.slides[0].blocks] == ["one\n\n\n\nthree"]


def test_link_definitions_hold_in_the_whole_lecture(write_lecture):
    text = "## A\n\n:::{notes}\n[a]: https://example.org/a 'the a'\n\nWords.\n:::\n\n[b]: https://example.org/b\n"
    assert read(write_lecture(text)).definitions == (
        ("B", "https://example.org/b", ""), ("A", "https://example.org/a", "the a"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (":::{notes}\n:wave: hello\n:::", 7, "'{notes}' has no option 'wave'"),
        (":::{notes} Say this\nWords.\n:::", 6, "'{notes}' takes no words behind it, such as 'Say this'"),
        (":::{exercise}\n:::", 6, "'{exercise}' is empty"),
        (":::{agenda}\nWords.\n:::", 7, "'{agenda}' is filled from the headings, and takes no text"),
        (":::{incremental}\nWords.\n:::", 6, "'{incremental}' needs a list"),
        (":::{figure} half\n\n:number: 3\n:::", 8, "the option ':number: 3' comes too late"),
        (":::{figure} half\n:number: 3\n\nWords.\n:view: still\n:::", 10, "the option ':view: still' stands in the caption"),
        (":::{figure} half\n:number: 3\n:number: 4\n:::", 8, "'number' is given twice"),
        (":::{solution}\n:::{exercise}\nWords.\n:::\n:::", 7, "':::{exercise}' is never closed"),
        (":::{exercise}\n:::{solution}\nWords.\n:::\n:::", 7, "':::{solution}' is never closed"),
        (":::{notes}\nWords.\n:::\n:::", 9, "':::' closes nothing"),
        ("$$\nx\n\n:::{notes}\nSecret.\n:::\n\n$$", 6, "a formula is never closed, or has an empty line in it"),
        ("<!-- a --> ## Title", 6, "'## Title' stands behind a comment"),
        (":::{quiz} Q?\n- [x] a\n- [ ] b\n  c\n:::", 9, "an option is one line"),
        (":::{quiz} Q?\n- [x]a\n- [ ] b\n:::", 7, "'- [x]a' is no option"),
        (":::{quiz} Q?\n- [x] a\n- [] b\n:::", 8, "'- [] b' is no option"),
        (":::{quiz}\nQ?\n- [x] a\n- [ ] b\n:::", 6, "a quiz needs a question, two options and one right answer"),
        (":::{quiz} Q?\n- [x] a\n- [ ] b\nWhy.\n- [ ] c\n:::", 10, "an option stands after the explanation"),
        (":::{quiz} Q?\n- [x] a\n" + "- [ ] b\n" * 8 + ":::", 6, "a quiz has at most 8 options"),
        (":::{figure} half\n:caption: a\nb\n:::", 6, "the figure has two captions"),
        (":::{figure} half\na\n\nb\n:::", 7, "a caption is one paragraph"),
        ("```python\n1 + 1\n", 6, "'```python' is never closed"),
        ("    :::{notes}\n    Words.\n    :::", 6, "':::{notes}' is indented, and so shown as code"),
        ("<!-- a\n\n## B\n", 6, "a comment is never closed"),
        ("Words.\n---\n\nMore.", 6, "the dashes below make a title of this paragraph"),
        ("Words.\n--\nMore.", 6, "the dashes below make a title of this paragraph"),
        ("  a    b\n ---  ---\n 1    2", 7, "this is no table"),
        (":::\n{notes}\nWords.\n:::", 6, "':::' closes nothing"),
        ("- a\n  :::{notes}\n  Words.\n:::", 7, "':::{notes}' is never closed"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_told_at_its_line(write_lecture, text, line, problem):
    error = error_of(write_lecture(f"## A\n\n{text}\n"))
    assert (error.problem, error.where.line) == (problem, line)


def test_an_explanation_keeps_its_empty_lines(write_lecture):
    (quiz,) = read(write_lecture("## A\n\n:::{quiz} Q?\n- [x] a\n- [ ] b\n\nOne.\n\nTwo.\n:::\n")).slides[0].blocks
    assert isinstance(quiz, Quiz)
    assert quiz.explanation.source == "One.\n\nTwo."


def test_a_long_line_of_dashes_makes_a_title_as_elsewhere(write_lecture):
    assert [slide.title for slide in read(write_lecture("A title\n-------\n\nWords.\n")).slides] == ["A title"]


def test_front_matter_that_is_not_closed_is_told_as_such(project):
    path = project / "lectures" / "sample.md"
    path.write_text("---\ntitle: A\n\n## A\n")
    assert error_of(path).problem == "the front matter is never closed"


def test_a_break_behind_a_broken_title_is_no_other_fault(write_lecture):
    error = error_of(write_lecture("## A {minuts=3}\n\nx\n\n---\n\ny\n"))
    assert (error.problem, error.others) == ("a heading has no 'minuts'", ())


def test_an_attribute_with_a_hyphen_leads_to_ours(write_lecture):
    error = error_of(write_lecture("## A {background-color=red}\n"))
    assert (error.problem, error.hint) == ("a heading has no 'background-color'", "did you mean 'background'?")
