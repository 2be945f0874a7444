"""What films do not have is told at its line, in a course's own scenes too: sound, loops, LaTeX."""

import re
from pathlib import Path

import pytest
from own_course import CLONE, make_own_course, run_lectern

pytestmark = pytest.mark.slow
KIND = '''"""A figure of one's own."""

import manim
from matplotlib.figure import Figure
from figures.parts.words import Description


def trace(*, number: int) -> int:
    return number


def describe(trace: int) -> Description:
    return Description("A square.", ("It goes.",), {{}})


def draw(trace: int, theme, step=None) -> Figure:
    return Figure((4.2, 3.2))


def animate(trace: int, scene) -> None:
    scene.mark("It stands.")
    {line}
    scene.mark("It goes.")
'''
USE_TEXT = "use Text, or for formulas MathTypst (pip install typst), and in place of DecimalNumber a Text of the number"
LINES = {
    "tex": ('scene.add(manim.Tex("a word"))', "a film is drawn without LaTeX, which Manim asks for", USE_TEXT),
    "math_tex": ('scene.add(manim.MathTex("a^2"))', "a film is drawn without LaTeX, which Manim asks for", USE_TEXT),
    "decimal": ("scene.add(manim.DecimalNumber(1.5))", "a film is drawn without LaTeX, which Manim asks for", USE_TEXT),
    "sound": ('scene.add_sound("bell.wav")', "a film has no sound", "say in the notes what is to be heard"),
    "subtitle": (
        'scene.add_subcaption("words")', "a film has no subtitles", "`describe` returns a sentence for each step",
    ),
    "waiting": (
        "scene.interactive_embed()", "a film is drawn while nobody is there", "leave interactive_embed away",
    ),
}  # fmt: skip


def make_course(folder: Path, lines: dict[str, str]) -> tuple[Path, dict[str, int]]:
    """Return a course with a film for each line of a scene, and where each stands in its lecture."""
    course, text = make_own_course(folder / "course"), "---\ntitle: One\n---\n"
    places = {}
    for name, line in lines.items():
        (course / "figures" / f"{name}.py").write_text(KIND.format(line=line))
        text += f"## {name}\n\n"
        places[name] = text.count("\n") + 1
        text += f":::{{figure}} {name}\n:number: 1\n:::\n\n"
    (course / "lectures" / "one.md").write_text(text)
    return course, places


def test_what_a_scene_cannot_have_is_told_at_its_line_with_what_to_use_instead(tmp_path: Path) -> None:
    course, places = make_course(tmp_path, {name: line for name, (line, _, _) in LINES.items()})
    said = run_lectern(CLONE, course, "build", "one", code=1)
    at = KIND[: KIND.index("{line}")].count("\n") + 1
    for name, (_, problem, hint) in LINES.items():
        told = f"lectures/one.md:{places[name]}: film {name}: figures/{name}.py:{at}: {problem}\nhint: {hint}"
        assert told in said, said
    assert f"{len(LINES)} errors" in said


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        (":loop: true", "a film does not loop"), (":autoplay: true", "a film does not start by itself"),
        (":audio: bell.mp3", "a film has no sound"), (":sound: bell.wav", "a film has no sound"),
    ],
)  # fmt: skip
def test_an_option_that_films_do_not_have_is_told_at_its_line(tmp_path: Path, option: str, problem: str) -> None:
    course, places = make_course(tmp_path, {"goes": "pass"})
    path = course / "lectures" / "one.md"
    path.write_text(path.read_text().replace(":number: 1\n", f":number: 1\n{option}\n"))
    said = run_lectern(CLONE, course, "build", "one", code=1)
    assert f"lectures/one.md:{places['goes'] + 2}: {problem}\nhint: " in said


def test_a_kind_may_have_a_parameter_of_such_a_name(tmp_path: Path) -> None:
    course, _ = make_course(tmp_path, {"goes": "pass"})
    kind, lecture = course / "figures" / "goes.py", course / "lectures" / "one.md"
    kind.write_text(re.sub(r"\bnumber: int", "loop: int", kind.read_text()).replace("return number", "return loop"))
    lecture.write_text(lecture.read_text().replace(":number: 1\n", ":loop: 1\n:view: still\n"))
    assert "1 error" not in run_lectern(CLONE, course, "build", "one")
