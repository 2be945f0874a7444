"""The guide tells the truth: its examples build, its messages are those that are given, and nothing is left out."""

import inspect
import re
import subprocess
import sys

import pytest
from guide import EXAMPLES, FENCES, FOLDER, LECTURES, PAGES, build, make_guide_project, rows, section, with_front_matter
from mistakes import MISTAKES

from generator.lecture.directive import find_directives
from generator.lecture.front_matter import KINDS

pytestmark = pytest.mark.slow

DIRECTIVES = sorted(find_directives())

FILES = {
    "slides": "slides.html",
    "handout": "handout.html",
    "teacher's edition": "teacher.html",
    "notebook": "notebook.ipynb",
    "teacher's notebook": "teacher.ipynb",
}
# What stands in the body of each directive of the example in its section.
WORDS = {
    "figure": "Of four numbers the largest is kept.",
    "code": "np.convolve(signal, kernel[::-1]",
    "plot": "The means of five images each",
    "claim": "images of each class the accuracy is",
    "quiz": "It starts at the first, the second or the third cell.",
    "columns": "every output sees a small window.",
    "handout": "Nothing is learned in it",
    "slides": "Which of these pictures was made by a machine?",
    "incremental": "Use the same weights everywhere.",
    "agenda": "Windows",
    "recap": "Windows",
    "notes": "Ask for the size of the output before you go on.",
    "exercise": "Compute the output of a window of three",
    "solution": "Five, by the formula:",
    "embed": "Each swing loses some of its height.",
    "draw": "A network that has seen six hundred digits.",
    "train_here": "The page begins with the weights that Keras began with.",
    "convolution_explorer": "Where does the sum of the products become large?",
    "pooling_explorer": "Which of the three changes least when the digit moves by one pixel?",
    "include": "How many places does a window of four find on a row of ten cells?",
}
# A line of prose without roles, marks or formulas, which pages show as it is written.
PLAIN = re.compile(r"^[A-Z][\w ,;’'-]+[.?]$")


def test_all_examples_build_without_errors_or_warnings(guide):
    assert (guide.done.returncode, guide.done.stderr) == (0, "")


def test_there_are_as_many_lectures_as_examples():
    assert len(LECTURES) == sum(fence.language == "markdown" for fence in FENCES) > 25


@pytest.mark.parametrize("name", LECTURES)
def test_the_plain_lines_of_an_example_stand_on_its_pages(guide, name):
    lines = [line for line in LECTURES[name].splitlines() if PLAIN.match(line)]
    shown = " ".join(guide.text(name, file) for file in ("slides.html", "teacher.html"))
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize("name", LECTURES)
def test_the_headings_of_an_example_stand_on_its_slides(guide, name):
    titles = re.findall(r"^##? ([^{\n]+?)(?: \{.*)?$", LECTURES[name], re.MULTILINE)
    shown = guide.text(name, "slides.html")
    assert titles
    assert [title for title in titles if title not in shown] == []


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_every_directive_has_a_section_with_an_example(directive):
    example = section("directives", directive).partition("```markdown\n")[2]
    assert f":::{{{directive}}}" in example


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_every_option_of_a_directive_is_named_in_its_section(directive):
    accepted = options_of(directive)
    assert [name for name in accepted if f"`:{name}:`" not in section("directives", directive)] == []


def options_of(directive: str) -> set[str]:
    """Return the names that the reader of a directive asks for or allows."""
    source = inspect.getsource(find_directives()[directive])
    own = re.findall(r"OWN_OPTIONS = \{([^}]*)\}|allow\(([^)]*)\)", source)
    asked = re.findall(r"""option\("(\w+)"|switch\("(\w+)\"""", source)
    return {*re.findall(r'"(\w+)"', str(own)), *filter(None, sum(asked, ()))}


def test_the_options_of_figures_and_code_are_found():
    assert options_of("figure") == {
        "alt",
        "ask",
        "caption",
        "choices",
        "except",
        "name",
        "play",
        "print",
        "reveal",
        "right",
        "varies",
        "vary",
        "view",
    }
    names = {"function", "caption", "highlight", "run", "alt", "show", "use", "files", "fold"}
    assert options_of("code") == names


@pytest.mark.parametrize("directive", DIRECTIVES)
@pytest.mark.parametrize("page", FILES)
def test_the_table_of_pages_says_who_sees_a_directive(guide, directive, page):
    columns = list(FILES)
    cells = next(row for row in rows(PAGES["directives"], "directive") if row[0].startswith(f"[`{{{directive}}}`]"))
    is_promised = cells[1 + columns.index(page)] != "—"
    own = section("directives", directive)
    lecture = next(fence for fence in FENCES if fence.language == "markdown" and fence.text in own)
    assert (WORDS[directive] in guide.text(lecture.name, FILES[page])) == is_promised


@pytest.mark.parametrize("key", KINDS)
def test_every_key_of_the_front_matter_is_explained(key):
    assert any(row[0] == f"`{key}`" and len(row) == 5 and all(row) for row in rows(PAGES["lectures"], "key"))


def test_the_first_example_of_a_lecture_has_every_key_of_the_front_matter():
    first = next(fence.text for fence in FENCES if fence.page == "lectures")
    assert [key for key in KINDS if f"\n{key}:" not in first] == []


@pytest.mark.parametrize("name", [path.name for path in sorted(EXAMPLES.iterdir()) if path.is_file()])
def test_an_example_file_stands_in_the_guide_to_the_letter(name):
    assert (EXAMPLES / name).read_text(encoding="utf-8") in [fence.text for fence in FENCES]


@pytest.mark.parametrize("name", [path.stem for path in sorted(EXAMPLES.glob("*.py"))])
def test_an_example_file_is_used_by_a_lecture_of_the_guide(name):
    assert any(name in text for text in LECTURES.values())


def test_the_tests_that_the_guide_shows_pass(guide):
    shown = [fence for fence in FENCES if fence.language == "python" and "\ndef test_" in fence.text]
    for fence in shown:
        (guide.project / f"test_{fence.name}.py").write_text(fence.text, encoding="utf-8")
    names = [f"test_{fence.name}.py" for fence in shown]
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, *names], cwd=guide.project, capture_output=True, text=True, check=False)
    assert (done.returncode, len(shown)) == (0, 2), done.stdout


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, str]:
    """Build a lecture for each mistake, and return what was said of it."""
    names = {message: f"mistake_{number}" for number, message in enumerate(MISTAKES)}
    lectures = {names[message]: with_front_matter(f"## A\n\n{text}\n") for message, text in MISTAKES.items()}
    hello = next(fence.text for fence in FENCES if fence.page == "README" and fence.language == "markdown")
    lectures["hello"] = hello.replace(":input:", ":inputs:").replace("{minutes=2}", "{minutes=3}")
    said = build(make_guide_project(tmp_path_factory.mktemp("mistakes") / "project"), lectures).stderr
    lines = {name: [] for name in lectures}
    name = ""
    for line in said.splitlines():
        named = re.match(r"(?:warning: )?lectures/(\w+)\.md", line)
        name = named[1] if named else name
        lines.get(name, []).append(line)
    return {**{message: "\n".join(lines[names[message]]) for message in MISTAKES}, "hello": "\n".join(lines["hello"])}


@pytest.mark.parametrize("message", MISTAKES)
def test_a_mistake_gets_the_message_that_the_guide_promises(told, message):
    assert message in told[message]


def test_every_message_in_the_guide_is_tried():
    promised = [row[0].strip("`") for page in PAGES.values() for row in rows(page, "message")]
    assert promised
    assert [message for message in promised if message not in MISTAKES] == []


@pytest.mark.parametrize("message", MISTAKES)
def test_every_message_that_is_tried_stands_in_the_guide(message):
    assert any(message in re.sub(r"\s+", " ", page) for page in PAGES.values())


@pytest.mark.parametrize("page", ["README", "lectures"])
def test_the_messages_that_are_shown_in_full_are_those_of_a_build(told, page):
    shown = [fence.text for fence in FENCES if fence.page == page and "\nhint: " in fence.text]
    assert len(shown) == 1
    assert shown[0] in told["hello"] + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_guide_leads_to_a_file_and_a_heading(page):
    prose = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", prose):
        file, _, anchor = target.partition("#")
        path = FOLDER / file if file else FOLDER / f"{page}.md"
        assert path.exists(), target
        assert not anchor or anchor in anchors_of(PAGES[path.stem]), target


def anchors_of(text: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [page for page in PAGES if page != "README"])
def test_every_page_is_linked_from_the_first(page):
    assert f"({page}.md)" in PAGES["README"]
