"""Colors in theme.toml reach all pictures and pages, and train nothing."""

import pytest

from generator.commands.build import build_course
from generator.theme import LIGHT, recolor

LECTURE = "## A\n\n:::{figure} mark\n:number: toss.accuracy\n:::\n\n:::{code}\nprint(1)\n:::\n"
LOOKS = '[light]\ninput = "#7a1f5c"\n'


@pytest.fixture
def build(project, full_project, write_lecture, capsys):
    """Return a function that builds the lecture `sample` and returns the code, what was made, and its handout."""
    write_lecture(LECTURE)

    def built() -> tuple[int, list[str], str]:
        code = build_course(str(full_project))
        made = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
        return code, sorted(made), (full_project / "build" / "sample" / "handout.html").read_text()

    yield built
    recolor({})


@pytest.mark.slow
def test_what_draws_is_drawn_again_in_other_colors_and_nothing_else_is_made(build, full_project):
    assert build()[:2] == (0, ["code", "experiment", "still"])
    (full_project / "theme.toml").write_text(LOOKS)
    code, made, page = build()
    assert (code, made) == (0, ["code", "still"])
    assert "--input: #7a1f5c;" in page
    (full_project / "theme.toml").unlink()
    assert build()[:2] == (0, [])
    assert LIGHT.input == "#005a9c"


def test_a_color_that_cannot_be_seen_stops_the_build_before_anything_is_made(write_lecture, full_project, capsys):
    write_lecture(LECTURE)
    (full_project / "theme.toml").write_text('[light]\n\ninput = "#eeeeee"\n')
    assert build_course(str(full_project)) == 1
    said = capsys.readouterr()
    assert said.err.startswith("theme.toml:3: 'input' has a contrast of 1.2 to the paper in the light theme")
    assert "done" not in said.out
