"""Works from a BibTeX file: what a sentence calls them, what a list says of them, and what an author is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import SourceError, Where
from generator.lecture import bibliography
from generator.lecture.bibliography import Bibliography, read_bibliography
from generator.lecture.included_files import IncludedFiles

HERE = Where("lectures/sample.md", 3)
ROOT = Path(__file__).parents[2]


def read(project: Path, text: str) -> Bibliography:
    (project / "lectures" / "works.bib").write_text(text, encoding="utf-8")
    return read_bibliography("lectures/works.bib", IncludedFiles(project), HERE)


def article(key: str, authors: str, year: int = 2016) -> str:
    return f"@article{{{key}, author = {{{authors}}}, title = {{{{On {key}}}}}, journal = {{J}}, year = {year}}}\n"


@pytest.mark.parametrize(
    ("authors", "label"),
    [
        ("LeCun, Yann", "LeCun 2016"),
        ("Dumoulin, Vincent and Visin, Francesco", "Dumoulin and Visin 2016"),
        ("A, B and C, D and E, F", "A et al. 2016"),
        ("van der Maaten, Laurens", "van der Maaten 2016"),
        (r"Sch{\"o}lkopf, Bernhard", "Schölkopf 2016"),
    ],
)
def test_a_work_is_called_by_its_authors_and_its_year(project, authors, label):
    assert read(project, article("a", authors)).find("a", HERE).label == label


def test_works_of_the_same_authors_and_year_are_told_apart(project):
    works = read(project, article("a", "LeCun, Yann") + article("b", "LeCun, Yann"))
    assert [works.find(key, HERE).label for key in "ab"] == ["LeCun 2016a", "LeCun 2016b"]


def test_an_entry_says_who_wrote_what_and_where(project):
    entry = read_bibliography("lectures/references.bib", IncludedFiles(project), HERE).find("lecun1998", HERE).entry
    assert entry.replace("\\", "").startswith("Yann LeCun, Léon Bottou, Yoshua Bengio, and Patrick Haffner. Gradient-")
    assert "*Proceedings of the IEEE*, 86" in entry
    assert "1998" in entry


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        (article("a", "LeCun, Yann"), "b", "lectures/sample.md:3: 'lectures/works.bib' has no work 'b'\nhint: "),
        ("\n@misc{a, title = {x}, year = 1}\n", "a", "lectures/works.bib:2: the work 'a' lacks an author or a year\n"),
        (
            "@misc{a, author = {B, C}, title = {x}}\n",
            "a",
            "lectures/works.bib:1: the work 'a' lacks an author or a year",
        ),
        ("@article{a, author = {B, C}, year = 1}\n", "a", "lectures/works.bib:1: the work 'a' cannot be set: missing "),
        (article("a<b", "B, C"), "a<b", "lectures/works.bib:1: 'a<b' cannot be a key\nhint: use letters"),
    ],
)
def test_a_work_that_cannot_be_cited_is_told_at_its_line(project, text, key, told):
    works = read(project, text)
    with pytest.raises(SourceError) as caught:
        works.find(key, HERE)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n@article{a, title = {x", "lectures/works.bib:2: not BibTeX: premature end of file\nhint: mend the entry"),
        (article("a", "B, C") * 2, "lectures/works.bib: not BibTeX: repeated bibliography entry: a\nhint: mend"),
    ],
)
def test_a_file_that_is_not_bibtex_is_told_with_its_line(project, text, told):
    with pytest.raises(SourceError) as caught:
        read(project, text)
    assert str(caught.value).startswith(told)


def test_what_sets_works_is_not_imported_before_a_work_is_wanted():
    program = "import sys, generator.commands.build; sys.exit('pybtex' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_a_file_that_has_not_changed_is_not_read_as_bibtex_again(project, monkeypatch):
    before = read(project, article("a", "LeCun, Yann")).find("a", HERE)
    monkeypatch.setattr(bibliography, "parse_entries", None)
    assert read(project, article("a", "LeCun, Yann")).find("a", HERE) == before


def test_an_edit_of_the_file_is_an_edit_of_its_works(project):
    read(project, article("a", "LeCun, Yann")).find("a", HERE)
    assert read(project, article("a", "Bengio, Yoshua")).find("a", HERE).label == "Bengio 2016"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (r"The \emph{best {GPU}} of all", "The *best GPU* of all."),
        (r"A {\bf bold} and \textsc{Small} {\LaTeX}", "A **bold** and Small LaTeX."),
        (r"On $x_1^2$ and {\$}5", r"On $x_1^2$ and \$5."),
        ("Nets (NN) [v] of size", "Nets (nn) &#91;v&#93; of size."),
        (r"10\% of \url{https://a.b/c_d}", "10% of <https://a.b/c_d>."),
    ],
)
def test_tex_in_a_title_is_carried_out(project, title, written):
    work = article("a", "B, C").replace("{On a}", title)
    entry = read(project, work).find("a", HERE).entry
    assert written in entry.replace(r"\.", ".").replace(r"\-", "-")


@pytest.mark.parametrize("title", [r"\href{a}{b}", r"x\textsuperscript{2}"])
def test_tex_that_no_page_shows_is_told_at_its_work(project, title):
    works = read(project, "\n" + article("a", "B, C").replace("{On a}", title))
    with pytest.raises(SourceError, match=r"works\.bib:2: the work 'a' has TeX that pages do not show: '\\"):
        works.find("a", HERE)


@pytest.mark.parametrize("kind", sorted({*bibliography.TYPES, *bibliography.PLAIN_TYPES, "manual", "mastersthesis"}))
def test_a_work_of_every_type_of_bibtex_and_biblatex_can_be_set(project, kind):
    fields = (
        "author = {B, C}, title = {The work}, date = {2016-05-01}, journaltitle = {J}, location = {X}, publisher = {P}"
    )
    entry = read(
        project, f"@{kind}{{a, {fields}, booktitle = {{Z}}, institution = {{I}}, editor = {{E, F}}, pages = {{1}}}}\n"
    )
    found = entry.find("a", HERE)
    assert (found.label, "The work" in found.entry, "2016" in found.entry) == ("B 2016", True, True)


def test_a_type_that_nobody_has_is_told_at_its_line(project):
    with pytest.raises(SourceError) as caught:
        read(project, "\n@artikle{a, author = {B, C}, title = {x}, year = 1}\n").find("a", HERE)
    assert str(caught.value) == (
        "lectures/works.bib:2: there is no type '@artikle' of works\nhint: did you mean 'article'?"
    )


def test_an_abbreviation_that_doubles_line_by_line_is_told_at_once(project):
    doubled = "".join(f"@string{{a{at} = a{at - 1} # a{at - 1}}}\n" for at in range(1, 60))
    with pytest.raises(SourceError) as caught:
        read(project, f'@string{{a0 = "xxxxxxxxxx"}}\n{doubled}@misc{{a, title = a59}}\n')
    assert str(caught.value).startswith("lectures/works.bib:11: the abbreviation 'a10' is too long")


def test_abbreviations_of_a_usual_length_are_written_out(project):
    text = '@string{n = "NeurIPS"}\n@inproceedings{a, author = {B, C}, title = {x}, booktitle = n # " 2016", year = 2016}\n'
    assert "NeurIPS 2016" in read(project, text).find("a", HERE).entry
