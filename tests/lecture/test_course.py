"""The course file is read as it is meant, or its author is told what is wrong with it."""

import pytest

from generator.errors import Report, SourceError
from generator.lecture import course
from generator.lecture.blocks import LectureTitle
from generator.lecture.course import read_course


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("title = 3", 1, "'title' is text, not 3", 'title = "Seeing machines"'),
        ('\nlectures = "sample"', 2, "'lectures' is a list of texts, not 'sample'", '["first_lecture"'),
        ('default = "sample"', 1, "'default' is a list of texts, not 'sample'", '["first_lecture"]'),
        ('default = ["simple"]', 0, "there is no lecture 'simple'", "did you mean 'sample'?"),
        ("lectures = [1]", 1, "'lectures' is a list of texts, not [1]", '["first_lecture"'),
        ("lectures = [[]]", 1, "'lectures' is a list of texts", '["first_lecture"'),
        ("profiles = 2", 1, "'profiles' is a table, not 2", "[profiles.quick]"),
        ("[profiles]\nquick = 2", 2, "'quick' is a table, not 2", "[profiles.quick]"),
        ("[profiles.quick]\nseeds = 2", 2, "seeds are a list of integers, not 2", "seeds = [0, 1, 2]"),
        ("[profiles.quick]\nseeds = []", 2, "seeds are a list of integers, not []", "seeds = [0, 1, 2]"),
        ("topics = []", 1, "'topics' is a table, not []", "[topics]"),
        ('[topics]\nsample = "pooling"', 2, "'sample' is a list of texts, not 'pooling'", '["first_lecture"'),
        ('[topics]\nsample = [""]', 2, "'sample' is a list of texts", '["first_lecture"'),
        ("macros = 2", 1, "'macros' is a table, not 2", "[macros]"),
        ("[macros]\nR = 'x'", 2, "'R' cannot name a macro", "write a backslash and letters"),
        ("lecture = []", 1, "a course has no 'lecture'", "did you mean 'lectures'?"),
        ("title = 'a'\ntitle = 'b'", 2, "not TOML", "mend it"),
        (f"title = {'[' * 9999}", 0, "not TOML", "mend it"),
    ],
)
def test_a_course_that_cannot_be_understood_is_told_with_its_line(project, write_lecture, text, line, problem, hint):
    write_lecture("## A\n")
    (project / "lectures" / "course.toml").write_text(text)
    with pytest.raises(SourceError) as caught:
        read_course(project)
    assert str(caught.value).startswith(f"lectures/course.toml{f':{line}' if line else ''}: {problem}")
    assert hint in caught.value.hint


def test_a_course_has_its_lectures_profiles_and_topics(project, write_lecture):
    write_lecture("## A\n")
    text = 'title = "T"\nlectures = ["sample"]\n[profiles.quick]\nepochs = 1\nseeds = [3]\n[topics]\nsample = ["a"]\n'
    (project / "lectures" / "course.toml").write_text("\ufeff" + text, encoding="utf-8")
    found = read_course(project)
    assert (found.title, found.lectures, found.topics) == ("T", ("sample",), {"sample": ("a",)})
    assert (found.profiles["quick"].arguments, found.profiles["quick"].seed_list) == ({"epochs": 1}, (3,))


def test_titles_of_lectures_that_are_not_read_come_from_their_front_matter(project, write_lecture):
    write_lecture("## A\n")
    write_lecture(
        "no slide, and [no] end :::{figur}\n", "subtitle: Of $\\R$\nmacros: {'\\R': '\\mathbb{R}'}\n", name="other"
    )
    (project / "lectures" / "torn.md").write_text("title: no front matter")
    (project / "lectures" / "course.toml").write_text('lectures = ["sample", "other", "torn"]')
    found = course.read_titles(project, read_course(project), [])
    assert found == {"sample": LectureTitle("Sample"), "other": LectureTitle("Sample", "Of $\\mathbb{R}$")}


def test_a_course_that_is_not_utf8_is_told(project):
    (project / "lectures" / "course.toml").write_bytes(b"title = 'caf\xe9'\n")
    with pytest.raises(SourceError, match="the text is not UTF-8"):
        read_course(project)


def test_a_lecture_that_stops_its_reader_does_not_stop_the_others(project, write_lecture, monkeypatch):
    write_lecture("## A\n")
    write_lecture("## A\n", name="wrong")
    read = course.read_lecture
    monkeypatch.setattr(
        course, "read_lecture", lambda path, *rest: {}["x"] if path.stem == "wrong" else read(path, *rest)
    )
    report = Report()
    assert [lecture.name for lecture in course.read_lectures(project, course.read_course(project), (), report)] == [
        "sample"
    ]
    (error,) = report.errors
    assert str(error).startswith("lectures/wrong.md:1: the lecture cannot be read: KeyError: 'x'")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("..", "lectures/...md: the name of a lecture cannot begin with a dot"),
        ("", "lectures/.md: the name of a lecture cannot begin with a dot"),
        (".hidden", "lectures/.hidden.md: the name of a lecture cannot begin with a dot"),
        ("site", "lectures/site.md: no lecture can be called 'site': build/site is for other pages"),
        ("Gallery", "lectures/Gallery.md: no lecture can be called 'Gallery': build/Gallery is for other pages"),
        ("index.html", "lectures/index.html.md: no lecture can be called 'index.html'"),
        ("a\nb", "lectures/a\\nb.md: the name of a lecture holds a character that does not print"),
    ],
)
def test_a_lecture_whose_name_cannot_be_that_of_a_folder_is_told_and_the_others_are_read(
    project, write_lecture, name, problem
):
    write_lecture("## A\n")
    write_lecture("## A\n", name=name)
    report = Report()
    read = course.read_lectures(project, course.read_course(project), (), report)
    assert [lecture.name for lecture in read] == ["sample"]
    (error,) = report.errors
    assert str(error).startswith(problem)


@pytest.mark.parametrize("name", [".#sample.md", "._sample.md"])
def test_what_editors_and_systems_leave_beside_a_lecture_is_none(project, write_lecture, name):
    write_lecture("## A\n")
    (project / "lectures" / name).symlink_to("nowhere")
    assert course.lecture_names(project) == ["sample"]
