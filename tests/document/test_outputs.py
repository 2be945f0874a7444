"""What code printed is shown as a terminal leaves it, and what has no text is known."""

import pytest

from generator.document.outputs import output_text, settle, terminal_text, unshown


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
        (display(image_png="AA==", text_plain="<Figure size 640x480 with 1 Axes>"), "a picture"),
        (display(image_png="AA=="), "a picture"),
        (display(text_html="<b>x</b>", text_plain="<IPython.core.display.HTML object>"), "HTML"),
        (display(text_html="<table>", text_plain="   a\n0  1"), ""),
        (display(text_plain="<Net>"), ""),
        (stream("2"), ""),
    ],
)
def test_an_output_without_text_is_known(output, kind):
    assert unshown(output) == kind


def test_the_stand_in_for_a_plot_is_not_shown():
    assert output_text(display(image_png="AA==", text_plain="<Figure size 640x480 with 1 Axes>")) == ""
