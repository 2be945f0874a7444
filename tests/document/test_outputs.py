"""What code printed is shown as a terminal leaves it, and what has no text is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.outputs import LARGEST_DRAWING, output_text, settle, shown_output, unshown
from generator.document.terminal import terminal_runs, terminal_text


def stream(text: str) -> dict[str, str]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**data: str) -> dict[str, object]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {name.replace("_", "/"): data[name] for name in data},
    }


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("10%\r50%\r100%\n", "100%\n"),
        ("loss 0.123\rdone", "done 0.123"),
        ("loss 0.123\r\x1b[Kdone", "done"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("abc\b\bX", "aXc"),
        ("\b\ba", "a"),
        ("one\ntwo\x1b[A\rONE", "ONE\ntwo"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[?25lhidden\x1b[?25h", "hidden"),
        ("\x1b]8;;https://x.org\x07link\x1b]8;;\x1b\\", "link"),
        ("bell\x07 and null\x00", "bell and null"),
        ("a\tb", "a\tb"),
        ("卷\r积", "积"),
        ("\x1b[99999999Bdeep", "deep"),
    ],
)
def test_text_is_shown_as_a_terminal_leaves_it(printed, left):
    assert terminal_text(printed).lstrip("\n") == left


@pytest.mark.parametrize(
    ("printed", "runs"),
    [
        ("\x1b[31mred\x1b[0m plain", [("red", "ansi-wrong"), (" plain", "")]),
        ("\x1b[1;92mgood\x1b[22;39m!", [("good", "ansi-output ansi-bold"), ("!", "")]),
        ("\x1b[90mgray\x1b[m", [("gray", "ansi-muted")]),
        ("\x1b[30mblack\x1b[97mwhite", [("blackwhite", "")]),
        ("\x1b[44;33mon blue\x1b[49m yellow", [("on blue", "ansi-on-input"), (" yellow", "ansi-kernel")]),
        ("\x1b[7mturned\x1b[27m", [("turned", "ansi-on-ink")]),
        ("\x1b[35;7mturned", [("turned", "ansi-on-window")]),
        ("\x1b[3;4mslanted", [("slanted", "ansi-italic ansi-underlined")]),
        ("\x1b[38;5;196mred\x1b[38;5;244mgray\x1b[38;5;4mblue", [("red", "ansi-wrong"), ("gray", "ansi-muted"), ("blue", "ansi-input")]),
        ("\x1b[38;2;20;160;60mgreen\x1b[38:2:250:250:250mwhite", [("green", "ansi-output"), ("white", "")]),
        ("\x1b[38;5mcut\x1b[38mshort\x1b[38;2;255m", [("cutshort", "")]),
        ("\x1b[31mover\r\x1b[32mUP", [("UP", "ansi-output"), ("er", "ansi-wrong")]),
    ],
)  # fmt: skip
def test_colors_of_a_terminal_are_roles_of_the_theme(printed, runs):
    assert terminal_runs(printed) == runs


@given(st.text(alphabet="\x1b[0123456789;:mKA\r\nab ", max_size=60))
def test_the_colored_pieces_are_the_text(printed):
    assert "".join(text for text, _ in terminal_runs(printed)) == terminal_text(printed)
    assert "\x1b" not in terminal_text(printed)


def test_every_format_gets_the_text_that_was_written_last():
    assert settle(stream("1\r2\r3"))["text"] == "3"
    assert output_text(stream("1\r2\r3\n")) == "3"


def test_colors_are_left_to_jupyter_where_nothing_is_written_over():
    colored = stream("\x1b[31mred\x1b[0m\n")
    assert settle(colored) is colored
    assert output_text(colored) == "red"


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        (display(image_png="AA==", text_plain="<Figure size 640x480 with 1 Axes>"), ""),
        (display(text_html="<b>x</b>", text_plain="<IPython.core.display.HTML object>"), ""),
        (display(text_html="<script>x</script>", text_plain="<IPython.core.display.HTML object>"), "HTML"),
        (display(image_bmp="AA=="), "a picture"),
        (display(video_mp4="AA==", text_plain="<IPython.core.display.Video object>"), "a film"),
        (display(application_json="{}", text_plain="<IPython.core.display.JSON object>"), "a program"),
        (display(text_html="<table>", text_plain="   a\n0  1"), ""),
        (display(text_plain="<Net>"), ""),
        (stream("2"), ""),
    ],
)
def test_an_output_that_no_page_shows_is_known(output, kind):
    assert unshown(output) == kind


def test_the_stand_in_for_a_plot_is_not_shown():
    assert output_text(display(image_png="AA==", text_plain="<Figure size 640x480 with 1 Axes>")) == ""


DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def forms(**data: str) -> dict[str, object]:
    """Return an output with these forms, with the name of `image_svg` completed."""
    output = display(**data)
    output["data"] = {name.replace("svg", "svg+xml"): form for name, form in output["data"].items()}  # type: ignore[attr-defined]
    return output


@pytest.mark.parametrize(
    ("output", "kind", "content"),
    [
        (forms(image_svg=DRAWING, image_png="AA=="), "picture", "data:image/svg+xml;base64,PHN2"),
        (forms(image_svg=DRAWING + " " * LARGEST_DRAWING, image_png="A\nA=="), "picture", "data:image/png;base64,AA=="),
        (display(image_jpeg="AA==", text_html="<b>x</b>"), "picture", "data:image/jpeg;base64,AA=="),
        (display(text_html="<table></table>", text_plain="a"), "html", "<table></table>"),
        (display(text_html="<script>1</script>", text_plain="a"), "text", "a"),
        (display(text_markdown="**a**", text_plain="<M>"), "markdown", "**a**"),
        (display(text_latex="x^2", text_plain="<L>"), "markdown", "$$x^2$$"),
        (display(text_latex="$x$", text_plain="<L>"), "markdown", "$x$"),
        (stream("1\n"), "text", "1"),
        ({"output_type": "error", "ename": "E", "evalue": "no", "traceback": []}, "error", "E: no"),
    ],
)
def test_an_output_is_shown_in_its_richest_form(output, kind, content):
    found = shown_output(output)
    assert found is not None
    assert (found.kind, found.content[: len(content)]) == (kind, content)


def test_what_is_empty_is_not_shown():
    assert shown_output(stream("")) is None


def test_of_a_plot_the_notebook_keeps_the_form_that_pages_show():
    small, large = (settle(forms(image_svg=DRAWING + gap, image_png="AA==")) for gap in ("", " " * LARGEST_DRAWING))
    assert list(small["data"]) == ["image/svg+xml"]
    assert list(large["data"]) == ["image/png"]
