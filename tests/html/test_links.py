"""References, citations and terms: what each page writes for them, and lists at its end."""

import json
import re
from pathlib import Path

import pytest

from generator.document.compose import compose
from generator.document.tree import Document
from generator.formats import handout, notebook, slides, teacher
from generator.html.links import ReferenceWriter, cells_without_links
from generator.lecture.course import Profile
from generator.lecture.parser import read_lecture
from generator.lecture.references import number_figures
from generator.plan.planner import plan_lecture

ROOT = Path(__file__).parents[2]
BIBLIOGRAPHY = "bibliography: lectures/references.bib\n"


@pytest.fixture
def press(project, write_lecture):
    """Return a function that composes a lecture without pictures."""

    def make(text: str, front: str = BIBLIOGRAPHY) -> Document:
        plan = plan_lecture(read_lecture(write_lecture(text, front), project), project, Profile())
        assert plan.errors == []
        return compose(plan, {}, Profile(), {})

    return make


def page(module, document: Document) -> str:
    """Return a page's body, less what the sanitizer adds to links."""
    text = module.export(document, ROOT).decode()
    return text.partition("<body>")[2].replace(' rel="noopener noreferrer"', "")


def pages(document: Document) -> dict[str, str]:
    return {module.__name__.rpartition(".")[2]: page(module, document) for module in (slides, handout, teacher)}


def cells(document: Document) -> list[str]:
    made = json.loads(notebook.export(document, ROOT))["cells"]
    return ["".join(cell["source"]) for cell in made]


def words_for(project, write_lecture, text: str, name: str) -> dict[str, tuple[str, str]]:
    """Return what each audience is told of the place `name`, and where its link leads."""
    plan = plan_lecture(read_lecture(write_lecture(text), project), project, Profile())
    assert plan.errors == []
    table = plan.references.table(lambda slide: slide.title)["ref"][name]
    return {audience: (place["words"], place["anchor"]) for audience, place in table.items()}


FIGURE = ":::{figure} mark\n:number: 0.5\n:name: here\n:::\n"


def test_figures_are_numbered_in_reading_order(project, write_lecture):
    text = f"## A\n\n:::::{{columns}}\n{FIGURE}+++\n::::{{handout}}\n:::{{figure}} mark\n:number: 1\n:::\n::::\n:::::\n"
    figures = number_figures(read_lecture(write_lecture(text), project)).values()
    assert [(figure.id, figure.number, figure.audience) for figure in figures] == [
        ("fig-here", 1, "both"),
        ("fig-2", 2, "handout"),
    ]


def test_a_figure_has_a_number_in_the_handout_and_a_slide_in_the_deck(project, write_lecture):
    told = words_for(project, write_lecture, f"## A\n\nSee {{ref}}`here`.\n\n## B\n\n{FIGURE}", "here")
    assert told["handout"] == told["teacher"] == ("figure 1", "fig-here")
    assert told["slides"] == ("the figure on “B”", "fig-here")


def test_a_figure_that_a_page_does_not_have_is_no_link_there(project, write_lecture):
    text = f"## A\n\nSee {{ref}}`here`.\n\n::::{{handout}}\n{FIGURE}::::\n"
    told = words_for(project, write_lecture, text, "here")
    assert told["slides"] == ("figure 1 of the handout", "")
    assert told["handout"] == ("figure 1", "fig-here")


def test_a_slide_that_only_lists_the_parts_is_no_link_in_the_handout(project, write_lecture):
    text = "## A\n\nSee {ref}`b`.\n\n## B\n\n:::{agenda}\n:::\n\n:::{notes}\nSay it.\n:::\n"
    told = words_for(project, write_lecture, text, "b")
    assert (told["slides"], told["handout"], told["teacher"]) == (("“B”", "b"), ("“B”", ""), ("“B”", "b"))


def test_a_reference_may_have_words_of_its_own(press):
    made = pages(press("## A\n\nSee {ref}`the second <b>`.\n\n## B\n\ntext\n"))
    assert all('See <a href="#b">the second</a>.' in text for text in made.values())


def test_an_experiment_is_where_a_page_says_what_it_was_made_from(project, write_lecture):
    plan = plan_lecture(
        read_lecture(write_lecture("## A\n\n{ref}`coin`\n", "experiments: {coin: toss}\n"), project), project, Profile()
    )
    assert plan.references.table(lambda slide: slide.title)["ref"]["coin"]["handout"] == {
        "words": "experiment coin",
        "anchor": "made",
    }


def test_a_citation_leads_to_the_work_in_every_page(press):
    made = pages(press("## A\n\nSee {cite}`dumoulin2016, lecun1998`.\n"))
    for text in made.values():
        assert (
            '(<a href="#work-dumoulin2016">Dumoulin and Visin 2016</a>; <a href="#work-lecun1998">LeCun et al.' in text
        )
        assert re.search(r'<li id="work-lecun1998">Yann LeCun, .*<em>Proceedings of the IEEE</em>', text)


def test_a_page_lists_only_the_works_that_it_cites(press):
    made = pages(press("## A\n\n{cite}`lecun1998`\n\n:::{handout}\n{cite}`dumoulin2016`\n:::\n"))
    assert 'id="work-dumoulin2016"' in made["handout"]
    assert 'id="work-dumoulin2016"' not in made["slides"]


def test_a_lecture_that_cites_nothing_has_no_list_of_works(press):
    assert all("References" not in text for text in pages(press("## A\n\ntext\n")).values())


def test_a_citation_in_the_notes_is_words_alone(press):
    text = page(slides, press("## A\n\n:::{notes}\nSee {cite}`lecun1998`.\n:::\n"))
    assert "<p>See (LeCun et al. 1998).</p>" in text
    assert "References" not in text


def test_a_term_leads_to_its_definition_which_leads_back(press):
    text = page(handout, press("## Steps\n\nThe {term}`strides <stride>` are two.\n"))
    title = 'title="The number of cells by which a window moves."'
    assert f'<dfn><a class="term" href="#term-stride" {title}>strides</a></dfn>' in text
    assert '<dt id="term-stride">stride</dt>' in text
    assert '<a class="back" href="#steps">Steps</a></dd>' in text


def test_a_term_on_a_slide_says_what_it_means_and_leads_nowhere(press):
    text = page(slides, press("## A\n\nThe {term}`stride` is two.\n"))
    assert '<dfn title="The number of cells by which a window moves.">stride</dfn>' in text
    assert "term-stride" not in text


def test_a_term_that_is_not_used_is_not_in_the_glossary(press):
    text = page(handout, press("## A\n\nThe {term}`Stride` and the {term}`stride`.\n"))
    assert text.count("<dt ") == 1


def test_a_notebook_says_in_words_what_pages_link(press):
    made = cells(press("## A\n\n{ref}`b`, {cite}`lecun1998`, {term}`ReLU`.\n\n## B\n\ntext\n"))
    assert "“B”, (LeCun et al. 1998), *ReLU*." in made
    assert made[-2] == "## Glossary\n\n- **ReLU**: Zero for negative numbers: $\\max(0, x)$."
    assert made[-1].startswith("## References\n\n- Yann LeCun")


def test_what_stands_in_a_listing_stays_as_it_is(press):
    document = press("## A\n\n```text\n{ref}`nowhere`\n```\n")
    assert all("{ref}`nowhere`" in text for text in pages(document).values())
    assert "```text\n{ref}`nowhere`\n```" in cells(document)


@pytest.mark.parametrize("module", [slides, handout])
def test_words_of_a_mention_are_text_and_nothing_more(press, project, module):
    (project / "lectures" / "glossary.md").write_text(
        'a"b\n: <script>alert(1)</script> "><img src=x onerror=alert(2)>\n'
    )
    text = page(module, press('## A <b>b</b>\n\n{term}`a"b` {ref}`<img src=x onerror=alert(3)> <a-b>`\n'))
    markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "alert(1)" not in markup
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', "", markup))


@pytest.mark.parametrize("text", ["{ref}`nowhere`", "{cite}`nobody`", "{term}`nothing`", "{cite}`,`", "{nosuch}`x`"])
def test_a_measured_text_that_looks_like_a_mention_is_only_text(text):
    table = {"ref": {}, "cite": {}, "term": {}}
    assert ReferenceWriter(table, "handout").fill(f"<data>{text}</data>") == f"<data>{text}</data>"


def test_a_format_without_links_gets_words_wherever_text_stands(press):
    quiz = ":::{quiz} By {cite}`lecun1998`?\n- [x] {term}`stride`\n- [ ] {ref}`b`\n\nSee {ref}`b`.\n:::\n"
    code = ":::{code}\n:run: no\n:caption: By {cite}`dumoulin2016`\nx = 1\n:::\n"
    document = press(f"## A\n\n{quiz}\n{code}\n## B\n\ntext\n")
    asked, shown = cells_without_links(document.notebook, "slides")[1:3]
    assert asked.source == "By (LeCun et al. 1998)?"
    said = {"options": ["*stride*", "“B”"], "answer": 0, "explanation": "See “B”.", "feedback": []}
    assert asked.metadata["lectern"]["cell"] == said
    assert shown.metadata["lectern"]["cell"]["caption"] == "By (Dumoulin and Visin 2016)"
    assert document.notebook.cells[1].source == "By {cite}`lecun1998`?"


@pytest.mark.parametrize("module", [slides, handout, teacher])
def test_a_title_with_a_link_in_it_is_one_link_where_it_is_referred_to(press, module):
    text = page(module, press("## See [there](https://a.b) {#x}\n\nAs {ref}`x` says.\n"))
    assert 'As <a href="#x">“See there”</a> says.' in text


@pytest.mark.parametrize("module", [slides, handout])
def test_a_bar_in_what_stands_for_a_reference_ends_no_cell(press, module):
    text = page(module, press("## One | two $|x|$ {#x}\n\n| a | b |\n|---|---|\n| {ref}`x` | c |\n"))
    cells = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)[1]
    assert cells.count("<td>") == 2
    assert re.search(r"One \| two (<span class=\"unbroken\">)?<math", cells)


def test_words_of_a_reference_are_no_link_themselves(project, write_lecture):
    path = write_lecture("## A\n\nAs {ref}`[words](https://a.b) <a>` says.\n")
    (error,) = plan_lecture(read_lecture(path, project), project, Profile()).errors
    assert (error.problem, error.where.line) == ("the words of a '{ref}' cannot hold a link", 6)
