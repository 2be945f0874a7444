"""A figure that varies: what is refused at its line, which states there are, and what each page makes of them."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from pptx import Presentation
from varying_lecture import FOLLOWS, LEADS, made, plan_text, varied_document

from generator.check.page import read_page
from generator.check.pictures import find_faint_marks, read_drawing
from generator.commands.why import tasks_at
from generator.directives.figure.states import sentence_of
from generator.directives.figure.varying import Control, split
from generator.document.compose import compose
from generator.document.tree import Document
from generator.engine.executor import locate_failure
from generator.engine.workers import Failure
from generator.errors import LectureError
from generator.formats import handout, notebook, powerpoint, slides, slides_pdf
from generator.html.exporter import export_page
from generator.html.varied import ShownState, elements_of, share_elements, with_equal_ids, write_bank
from generator.lecture.course import Profile
from generator.lecture.expressions import Varied, evaluate, parse_expression
from generator.plan.planner import Plan

ROOT = Path(__file__).parents[2]
START = ":::{figure} pooling\n:input: [[1, 3], [5, 4]]\n:pool_size: 1\n"
KNOWN = [{"strides": str(stride), "padding": padding} for stride in (1, 2) for padding in ("valid", "same")]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return varied_document(tmp_path_factory.mktemp("varied"))


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], Plan]:
    return lambda options: plan_text(f"## Slide\n\n{START}{options}\n:::\n", tmp_path)


def raise_first(text: str, folder: Path) -> None:
    for error in plan_text(text, folder).errors:
        raise error


def problems(plan: Plan) -> list[str]:
    return [error.problem for error in plan.errors]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (":vary:", "'' does not say what varies"),
        (":vary: strides", "'strides' does not say what varies"),
        (":vary: strides = 1", "'strides' needs two values or more to vary"),
        (":vary: strides = 1, 2, 2", "'strides' has the value 2 twice"),
        (":vary: strides = 1, 2; strides = 3, 4", "'strides' varies twice"),
        (":strides: 1\n:vary: strides = 1, 2", "'strides' has a value here, and varies"),
        (":view: film\n:vary: strides = 1, 2", "a figure that varies is shown as pictures, and has no film"),
        (":print: strides = 2", "':print:' chooses among states, and nothing varies"),
        (":except: strides = 2", "':except:' chooses among states, and nothing varies"),
        (":vary: strides = 1, 2\n:except: padding = same", "'padding' does not vary here"),
        (":vary: strides = 1, 2\n:print: strides = 3", "'strides' is never 3 here"),
        (":vary: strides = 1, 2\n:print: strides", "'strides' names no states"),
        (":vary: strides = 1, 2\n:except: strides = 1", "the state that is shown first is left out"),
        (":vary: strides = 1, 2, 3\n:except: strides = 2", "no state is left in which 'strides' is 2"),
        (
            ":vary: strides = 1, 2; padding = valid, same\n:except: strides = 2; padding = same\n"
            ":print: strides = 2; padding = same",
            "no state is left for paper",
        ),
        (
            f":vary: strides = {', '.join(map(str, range(1, 102)))}; padding = valid, same",
            "101 × 2 = 202 states are too many: a figure has at most 200",
        ),
        (":play: yes", "':play:' moves a slider, and nothing varies"),
        (":vary: strides = 1, 2\n:play: yes", "':play:' moves a slider, and no control here is one"),
        (":vary: strides = 1, 2, 3\n:play: later", "'play' is yes or no, not 'later'"),
        (":vary: shared strides", "no figure before this one on its slide varies 'strides'"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(tmp_path: Path, options: str, problem: str) -> None:
    with pytest.raises(LectureError) as caught:
        raise_first(f"## Slide\n\n{START}{options}\n:::\n", tmp_path)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (":vary: stride = 1, 2", "figure 'pooling' has no parameter 'stride'"),
        (":vary: padding = valid, 0.5", "'padding' of figure 'pooling' cannot be 0.5"),
    ],
)
def test_a_value_that_the_kind_does_not_take_is_refused_at_the_line_of_vary(
    plan: Callable[[str], Plan], options: str, problem: str
) -> None:
    (error,) = plan(options).errors
    assert (error.problem, error.where and error.where.line) == (problem, 9)


def test_a_control_is_not_shared_with_a_figure_of_another_slide_or_of_other_readers(tmp_path: Path) -> None:
    apart = f"## One\n\n{LEADS}\n## Two\n\n{FOLLOWS}"
    other = f"## One\n\n::::{{slides}}\n{LEADS}::::\n\n{FOLLOWS}"
    for text in (apart, other):
        assert problems(plan_text(text, tmp_path)) == ["no figure before this one on its slide varies 'strides'"]


def test_states_cannot_be_left_out_where_a_control_is_shared(tmp_path: Path) -> None:
    text = f"## One\n\n{LEADS}\n" + FOLLOWS.replace("shared strides", "shared strides\n:except: strides = 2")
    with pytest.raises(LectureError, match="states cannot be left out where a control is shared"):
        plan_text(text, tmp_path)


def test_every_state_is_a_task_like_that_of_a_plain_figure(plan: Callable[[str], Plan]) -> None:
    varied = plan(":vary: strides = 1, 2; padding = valid, same")
    plain = [plan(f":strides: {each['strides']}\n:padding: {each['padding']}\n:view: still") for each in KNOWN]
    assert list(varied.tasks) == [task for each in plain for task in each.tasks]
    (states,) = varied.states.values()
    assert tasks_at("varied", 8, [varied]) == [state.task for state in states]
    assert [dict(state.values) for state in states] == KNOWN


def test_a_state_that_fails_is_told_at_the_line_of_vary_by_its_values(plan: Callable[[str], Plan]) -> None:
    task = list(plan(":vary: strides = 1, 2; padding = valid, same").tasks.values())[3]
    error = locate_failure(Failure("too large", "take less"), task)
    assert str(error).startswith("lectures/varied.md:9")
    assert "still pooling with strides 2, padding same: too large" in str(error)


def test_a_shared_control_has_the_values_of_the_figure_before(tmp_path: Path) -> None:
    plan = plan_text(f"## One\n\n{LEADS}\n{FOLLOWS}", tmp_path)
    assert [[state.values["strides"] for state in states] for states in plan.states.values()] == [["1", "2"]] * 2


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (("1", "2", "3"), "range"),
        (("-0.5", "0", ".5", "1e"), "radio"),
        (("1", "2"), "radio"),
        (("3", "1", "2"), "radio"),
        (("valid", "same"), "radio"),
        (("yes", "no"), "radio"),
        (("digit(1)", "digit(2)", "digit(3)", "digit(4)", "digit(5)"), "select"),
    ],
)
def test_the_kind_of_values_decides_on_the_control(values: tuple[str, ...], form: str) -> None:
    assert Control("x", values).form == form


def test_values_are_split_outside_of_brackets_and_quotes() -> None:
    assert split("size = [1, 2], 'a, b', label=Bayes' rule, 3", ",") == [
        "size = [1, 2]",
        "'a, b'",
        "label=Bayes' rule",
        "3",
    ]


def test_a_sentence_leaves_out_tables_of_numbers() -> None:
    assert sentence_of("The kernel, 1 × 2 [1, 0], slides; 2 × 2 [1, 2; 3, 4].") == "The kernel, 1 × 2, slides; 2 × 2."


# Values.


def facts() -> Varied:
    heights = (5, 4, 3, 2)
    return Varied([(values, {"height": height, "width": 7}) for values, height in zip(KNOWN, heights, strict=True)])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("explore[strides=2].height", 3),
        ("explore[strides=2, padding=same].height", 2),
        ("explore[padding = same].height - explore[strides=2].height", 1),
        ("explore.width", 7),
    ],
)
def test_a_value_quotes_any_state(text: str, value: int) -> None:
    assert evaluate(parse_expression(text), {"explore": facts()}) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("explore.height", "'explore.height' differs from state to state of its figure"),
        ("explore[strides=3].height", "the figure has no state 'strides=3'"),
        ("explore[stride=1].height", "'stride' does not vary in this figure"),
        ("plain[strides=1].height", "'plain' has no states"),
    ],
)
def test_a_value_that_no_state_or_not_every_state_has_is_refused(text: str, problem: str) -> None:
    with pytest.raises(LectureError) as caught:
        evaluate(parse_expression(text), {"explore": facts(), "plain": {"height": 1}})
    assert caught.value.problem == problem


def test_a_caption_cannot_say_what_is_true_for_one_state_alone(tmp_path: Path) -> None:
    plan = plan_text(f"## Slide\n\n{START}:vary: strides = 1, 2\n\nLeft are {{value}}`shape.height`.\n:::\n", tmp_path)
    pictures = {name: tmp_path / name for name in ("still.svg", "still.inline.svg")}
    for path in pictures.values():
        path.write_text('<svg viewBox="0 0 1 1"></svg>')
    artifacts = {
        name: SimpleNamespace(
            files=pictures,
            machine="",
            packages={},
            facts={
                "alt": "",
                "steps": [],
                "facts": {"shape": {"height": at}},
                "width": 1,
                "height": 1,
                "ink": [0, 0, 1, 1],
            },
        )
        for at, name in enumerate(plan.tasks)
    }
    document = compose(plan, artifacts, Profile(), {})  # type: ignore[arg-type]
    assert [error.problem for error in document.errors] == ["'shape.height' differs from state to state of its figure"]


# Pages.


def test_the_handout_has_the_states_that_are_printed_each_with_its_words_and_its_own_text_alternative(
    document: Document,
) -> None:
    page = BeautifulSoup(handout.export(document, ROOT), "html.parser")
    (table, *_) = page.select(".states")
    states = document.notebook.cells[2].metadata["lectern"]["cell"]["states"]
    shown = [state for state in states if state["is_printed"]]
    assert [item.get_text(strip=True) for item in table.select("li")] == [state["words"] for state in shown]
    assert [svg["aria-label"] for svg in table.select("svg")] == [state["alt"] for state in shown]
    assert len({state["alt"] for state in states}) == len(states) == 5
    assert "With stride 3 2 rows are left." in page.get_text()


def test_each_use_in_a_page_names_something_that_stands_in_it_once(document: Document) -> None:
    for exporter in (handout, slides):
        page = BeautifulSoup(exporter.export(document, ROOT), "html.parser")
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids))
        assert {use["href"].removeprefix("#") for use in page.select("svg use")} <= set(ids)


def test_the_check_judges_every_state(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "handout.html"
    path.write_bytes(handout.export(document, ROOT))
    page = read_page(path, "lectures/varied.md")
    assert list(find_faint_marks(page)) == []
    bank = page.tree.select_one("svg.bank")
    assert bank is not None
    for text in bank.select("text"):
        text["fill"] = "#fdfdfd"
    told = [finding.problem for finding in find_faint_marks(page)]
    assert len(told) == 5
    assert "with strides 3, edges valid" in told[-1]


def shown_state(number: int) -> ShownState:
    return ShownState(f"s{number}", number, "", "", "", "", 1, 1, 0, 0, b"")


def test_a_bank_draws_what_each_picture_drew(document: Document) -> None:
    """The marks of each state, in their order, are those of its own drawing."""
    drawings = tuple(document.assets[f"fig-explore@{at}"]["still.adaptive.svg"] for at in range(5))
    states = tuple(shown_state(at) for at in range(5))
    bank = BeautifulSoup(f"<svg>{write_bank(drawings, states, 'f1')}</svg>", "html.parser")
    shared = "".join(map(str, bank.select("svg > defs")))
    for at, drawing in enumerate(drawings):
        group = bank.select_one(f"#s{at}")
        assert group is not None
        drawn = read_drawing(f'<svg viewBox="0 0 1 1">{shared}{group.decode_contents()}</svg>')
        plain = read_drawing(drawing.decode().replace("\ue000", "x"))
        assert [
            (mark.form, mark.fill, mark.stroke, mark.size, [ring.tolist() for ring in mark.rings])
            for mark in drawn.marks
        ] == [
            (mark.form, mark.fill, mark.stroke, mark.size, [ring.tolist() for ring in mark.rings])
            for mark in plain.marks
        ]


def test_what_states_have_in_common_weighs_once() -> None:
    same = "".join(f'<path d="M{at},0h{"1" * 20}"/>' for at in range(400))
    drawings = tuple(f'<svg viewBox="0 0 1 1">{same}<path d="{at}"/></svg>'.encode() for at in range(24))
    bank = write_bank(drawings, tuple(map(shown_state, range(24))), "f1")
    assert len(bank) < len(same) + 24 * 400


def test_the_notebook_has_a_table_of_states(document: Document) -> None:
    made_notebook = nbformat.reads(notebook.export(document, ROOT), as_version=4)
    cell = next(cell for cell in made_notebook.cells if "| state | picture |" in cell.source)
    names = re.findall(r"\(attachment:([^)]*)\)", cell.source)
    assert names == ["fig-explore.svg", "fig-explore-0.svg", "fig-explore-2.svg", "fig-explore-4.svg"]
    assert set(names) == set(cell.attachments)
    assert "| strides 3, edges valid |" in cell.source


def test_a_presentation_has_a_slide_with_the_states_after_the_figures(document: Document) -> None:
    deck = Presentation(BytesIO(powerpoint.export(document, ROOT)))
    pictures = [sum(shape.shape_type == 13 for shape in slide.shapes) for slide in deck.slides]
    assert pictures == [0, 0, 1, 3, 2, 2, 2]


def test_the_deck_on_paper_has_a_page_with_the_states_after_the_figures(document: Document) -> None:
    deck = export_page(slides_pdf.PrintedSlidesExporter, document, ROOT)
    page = BeautifulSoup(deck, "html.parser")
    assert len(page.select("ol.states.fragment")) == 3
    assert slides_pdf.count_states(deck) == len(page.select("main > section")) + 3


# Sharing.


def test_elements_that_follow_each_other_in_the_same_drawings_are_shared_as_one() -> None:
    one, other, own = (f'<path d="{letter * 60}"/>' for letter in "abc")
    shared, drawn = share_elements([one + other + own, one + other], "p")
    assert shared == f'<g id="p-0">{one}{other}</g>'
    assert drawn == [f'<use href="#p-0"/>{own}', '<use href="#p-0"/>']


def test_what_bears_an_id_stands_in_the_page_once() -> None:
    marker = '<marker id="\ue0003"><path d="M0"/></marker>'
    drawings = [with_equal_ids(f'<svg>{marker}<path marker-mid="url(#\ue0003)" d="{d}"/></svg>') for d in "ab"]
    shared, drawn = share_elements([drawing[5:-6] for drawing in drawings], "p")
    assert shared.count("<marker") == 1
    assert all("<marker" not in drawing for drawing in drawn)


def test_the_outermost_elements_are_found() -> None:
    assert list(elements_of('<g a="1>2"><path/></g><text>x</text><image/>')) == [
        '<g a="1>2"><path/></g>', "<text>x</text>", "<image/>",
    ]  # fmt: skip


def test_the_example_is_what_the_guide_shows(document: Document, tmp_path: Path) -> None:
    """A state is drawn as a plain figure with the same arguments is."""
    plan = plan_text(f"## Slide\n\n{START}:vary: strides = 1, 2\n:::\n", tmp_path)
    plain = plan_text(f"## Slide\n\n{START}:strides: 2\n:view: still\n:::\n", tmp_path)
    state, alone = list(plan.tasks.values())[1], next(iter(plain.tasks.values()))
    one, other = made(state, tmp_path / "one"), made(alone, tmp_path / "other")
    assert one.facts == other.facts
    assert one.files["still.svg"].read_bytes() == other.files["still.svg"].read_bytes()
