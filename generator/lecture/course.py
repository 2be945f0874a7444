"""Reads the course file: the order of the lectures, the build profiles, and the topics that each lecture promises.

Also picks and reads the lectures to build; how a lecture's text is parsed is not known here.
"""

import contextlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.disk import read_file
from generator.errors import LectureError, Report, SourceError, Where, suggest, telling
from generator.lecture.blocks import Lecture, LectureTitle, decode
from generator.lecture.directive import find_directives
from generator.lecture.given import Given, read_given
from generator.lecture.included_files import IncludedFiles
from generator.lecture.macros import Macros, read_macros
from generator.lecture.parser import read_lecture, read_title
from generator.lecture.title_sentences import find_weak_titles
from generator.roots import has_own_library
from generator.words import ENGLISH, read_catalog


def folder_inside(project: Path, name: str) -> str:
    """Return the path of the folder `name` relative to the project.

    Raises SourceError for the project folder itself, for a folder outside it, and for what can be none.
    """
    try:
        path = (project / name).resolve()
    except (OSError, RuntimeError, ValueError):  # a null character, or links that lead in a circle
        raise SourceError(f"{name!r} is no name of a folder", hint="name a folder inside the project: build") from None
    if not path.is_relative_to(project.resolve()) or path == project.resolve():
        raise SourceError(f"'{name}' lies outside the project", hint="name a folder inside the project: build")
    return path.relative_to(project.resolve()).as_posix()


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to build: `arguments` override parameters of experiments by name; `seed_list` overrides all seeds."""

    name: str = "full"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    seed_list: tuple[int, ...] | None = None

    def seeds(self, requested: tuple[int, ...]) -> tuple[int, ...]:
        """Return the seeds to run where a lecture asks for `requested`: those, unless this profile has its own."""
        return requested if self.seed_list is None else self.seed_list


@dataclass(frozen=True, slots=True)
class Course:
    """The course: its title, the names of its lectures in order, its build profiles by name.

    default: the lectures that are built where none is named; empty: all.
    topics: the topics that the course promises, by the name of the lecture that must cover them.
    macros: those that the formulas of all lectures may use.
    limits: how many `hours` a task may take, and how many gigabytes of `memory`, where the course says it.
    given: the paths of what slides may need from outside the project, by name.
    lang: the language of lectures that name none.
    """

    title: str
    lectures: tuple[str, ...]
    profiles: Mapping[str, Profile]
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    macros: Macros = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    given: Given = field(default_factory=dict)
    lang: str = ENGLISH

    def profile(self, name: str) -> Profile:
        """Return the profile `name`; raise SourceError when the course has none of that name."""
        if name not in self.profiles:
            raise SourceError(f"there is no profile '{name}'", Where(COURSE_FILE), suggest(name, list(self.profiles)))
        return self.profiles[name]


def read_lectures(project: Path, course: Course, names: Sequence[str], report: Report) -> list[Lecture]:
    """Return the lectures called `names` (all, when none is named), in the course's order.

    A lecture that cannot be read is reported as an error, and the others are still returned; one that overruns its
    slot is reported as a warning, and so are titles that are to be sentences and are none. Raises SourceError for a
    name that no lecture has.
    """
    find_directives()  # so that what one of them lacks is told once, and not for each lecture
    order = ordered_names(project, course)
    for name in names:
        if name not in order:
            raise SourceError(f"there is no lecture '{name}'", Where("lectures"), suggest(name, sorted(order)))
    lectures, files = [], IncludedFiles(project)
    for name in [name for name in order if not names or name in names]:
        try:
            check_name(name)
            with telling(Where(f"lectures/{name}.md", 1), "the lecture cannot be read"):
                lecture = read_lecture(project / "lectures" / f"{name}.md", project, course.macros, files, course.given)
            check_topics(course.topics.get(name, ()), [slide.title for slide in lecture.slides], name)
            lecture = lecture if "lang" in lecture.lines else replace(lecture, lang=course.lang)
            report.warnings += [*filter(None, [lecture.overrun(), find_unspoken(lecture, project)])]
            report.warnings += find_weak_titles(lecture)
            lectures.append(lecture)
        except LectureError as error:
            report.errors += [error, *error.others]
    report.read |= files.states
    return lectures


def find_unspoken(lecture: Lecture, project: Path) -> LectureError | None:
    """Return a warning if nobody has written the words of pages in the lecture's language; None if somebody has.

    Raises SourceError for what is wrong in the course's own file of that language, and for words that it lacks.
    """
    if read_catalog(lecture.lang, project):
        return None
    place = lecture.where_of("lang") if "lang" in lecture.lines else Where(COURSE_FILE)
    name = f"languages/{lecture.lang.partition('-')[0].lower()}.toml"
    problem = f"nobody has written what pages say in '{lecture.lang}': they say it in English"
    return SourceError(problem, place, f"write {name}, beginning with a copy of Lectern's generator/languages/en.toml")


COURSE_FILE = "lectures/course.toml"
# The keys of the course file: the type of each, what that is called, and an example.
FIELDS: Mapping[str, tuple[type, str, str]] = {
    "title": (str, "text", 'title = "Seeing machines"'),
    "lang": (str, "text", 'lang = "de"'),
    "lectures": (list, "a list of texts", '["first_lecture", "second_lecture"]'),
    "default": (list, "a list of texts", '["first_lecture"]'),
    "profiles": (dict, "a table", "[profiles.quick], and below it epochs = 2"),
    "topics": (dict, "a table", '[topics], and below it first_lecture = ["pooling"]'),
    "given": (dict, "a table", '[given], and below it weights = "/path/to/them"'),
    "limits": (dict, "a table", "[limits], and below it hours = 48"),
    "macros": (dict, "a table", r"[macros], and below it '\R' = '\mathbb{R}'"),
}
# How the names of Markdown files begin that are no lectures: the glossary, and what Emacs and macOS leave beside files.
NO_LECTURES = ("glossary.md", ".#", "._")
# What is made below `build` besides the folders of lectures, and the folders that the fast check passes over.
RESERVED_NAMES = ("site", "gallery", "quick", "index.html", "book.html", "book.pdf", "check", "__pycache__")


def read_course(project: Path, given: Sequence[str] = ()) -> Course:
    """Return the course of the project; given: what the command line gives from outside of it, as `name=path`.

    Raises SourceError when its file is missing or not TOML, when it has a key that courses have not or a value of a
    wrong type, when it names a lecture twice or one that does not exist, and as `check_packages` does.
    """
    check_packages(project)
    text = read_course_text(project)
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.rstrip().count("\n") + 1  # "at end of document"
        raise SourceError(f"not TOML: {error}", Where(COURSE_FILE, line), "mend it") from None
    except RecursionError:
        raise SourceError("not TOML: it is nested too deeply", Where(COURSE_FILE), "mend it") from None
    check_fields(fields, text)
    profiles = {name: read_profile(name, values) for name, values in fields.get("profiles", {}).items()}
    profiles.setdefault("full", Profile())
    lectures = tuple(fields.get("lectures", []))
    default = tuple(fields.get("default", []))
    for named in (lectures, default):
        check_lectures(named, project)
    topics = {name: tuple(promised) for name, promised in fields.get("topics", {}).items()}
    check_lectures(tuple(topics), project)
    macros = read_macros(fields.get("macros", {}), lambda name: place_of(name, text))
    outside = read_given(fields.get("given", {}), lambda name: place_of(name, text), given, project)
    return Course(
        fields.get("title", ""),
        lectures,
        profiles,
        topics,
        macros,
        fields.get("limits", {}),
        default,
        outside,
        fields.get("lang", ENGLISH),
    )


# Folders whose modules come from the project and from its library: Python takes them together where none is a package.
SHARED_FOLDERS = ("figures", "figures/parts", "lectures", "lectures/experiments", "lectures/experiments/parts")


def check_packages(project: Path) -> None:
    """Raise SourceError for a file of the project that would hide a folder of its library from Python."""
    files = [name for folder in SHARED_FOLDERS for name in (f"{folder}/__init__.py", f"{folder}.py")]
    for name in files if not has_own_library(project) else ():
        if (project / name).exists():
            problem = "the file hides what comes with Lectern in a folder of the same name"
            hint = "remove it: Python needs none there" if name.endswith("__init__.py") else "rename it"
            raise SourceError(problem, Where(name), hint)


def read_course_text(project: Path) -> str:
    """Return the text of the course file; raise SourceError if there is none, or if it is not UTF-8."""
    try:
        return decode(read_file(project / COURSE_FILE))
    except FileNotFoundError:
        raise SourceError("there is no course", Where(COURSE_FILE), "write title and lectures into it") from None
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
        raise SourceError(problem, Where(COURSE_FILE), "may you read it?") from None
    except UnicodeDecodeError:
        raise SourceError(
            "the text is not UTF-8", Where(COURSE_FILE), "save the file with the encoding UTF-8"
        ) from None


def check_fields(fields: Mapping[str, Any], text: str) -> None:
    """Raise SourceError for a key that courses have not, and for a value of a wrong type; `text`: the file's."""
    for name, value in fields.items():
        if name not in FIELDS:
            raise SourceError(f"a course has no '{name}'", place_of(name, text), suggest(name, list(FIELDS)))
        check_type(name, value, FIELDS[name], text)
    for name, promised in fields.get("topics", {}).items():
        check_type(name, promised, FIELDS["lectures"], text)
    for name, values in fields.get("profiles", {}).items():
        check_type(name, values, FIELDS["profiles"], text)
        seeds = values.get("seeds", [0])
        if not isinstance(seeds, list) or not seeds or not all(type(seed) is int and seed >= 0 for seed in seeds):
            problem = f"seeds are a list of integers, not {seeds!r}"
            raise SourceError(problem, place_of("seeds", text), "write seeds = [0, 1, 2]")
    for name, value in fields.get("limits", {}).items():
        check_limit(name, value, text)


LIMITS = ("hours", "memory")


def check_limit(name: str, value: object, text: str) -> None:
    """Raise SourceError for a limit that tasks have not, and for one that is no positive number; `text`: the file's."""
    if name not in LIMITS:
        raise SourceError(f"there is no limit '{name}'", place_of(name, text), suggest(name, list(LIMITS)))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e6:
        hint = "write hours = 48, and in gigabytes memory = 16"
        raise SourceError(f"a limit is a positive number, not {value!r}", place_of(name, text), hint)


def check_type(name: str, value: object, kind: tuple[type, str, str], text: str) -> None:
    """Raise SourceError unless `value`, that of `name`, is of a type; a list has to be one of texts.

    kind: the type, what it is called, and an example. text: that of the file.
    """
    wanted, called, example = kind
    if not isinstance(value, wanted) or (
        isinstance(value, list) and not all(isinstance(item, str) and item.strip() for item in value)
    ):
        raise SourceError(f"'{name}' is {called}, not {value!r}", place_of(name, text), f"write for example {example}")


def place_of(name: str, text: str) -> Where:
    """Return the place of the key or the table `name` in the `text` of the course file."""
    key = re.compile(rf"^\s*\[*(?:[\w.\"' -]+\.)?\s*[\"']?{re.escape(name)}[\"']?\s*[\]=.]")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if key.match(line)]
    return Where(COURSE_FILE, lines[0] if lines else 0)


def ordered_names(project: Path, course: Course) -> list[str]:
    """Return the names of all lectures: those that the course names, in its order, then all others."""
    return [*course.lectures, *(name for name in lecture_names(project) if name not in course.lectures)]


def read_titles(project: Path, course: Course, known: Sequence[Lecture]) -> dict[str, LectureTitle]:
    """Return the title of each lecture of the course by its name, of those that are not `known` from their files.

    A lecture whose front matter cannot be read has none: whoever builds it is told.
    """
    titles = {
        lecture.name: LectureTitle(lecture.title, lecture.subtitle, lecture.minutes, lecture.lang) for lecture in known
    }
    for name in course.lectures:
        if name not in titles:
            with contextlib.suppress(LectureError):
                title = read_title(project / "lectures" / f"{name}.md", project, course.macros)
                titles[name] = replace(title, lang=title.lang or course.lang)
    return titles


def read_profile(name: str, values: Mapping[str, Any]) -> Profile:
    """Return the profile `name`: its key `seeds` is a list of seeds, all other keys are experiments' parameters."""
    arguments = {key: value for key, value in values.items() if key != "seeds"}
    seeds = tuple(values["seeds"]) if "seeds" in values else None
    return Profile(name, arguments, seeds)


def check_topics(promised: Sequence[str], titles: Sequence[str], lecture: str) -> None:
    """Raise SourceError if a topic that the course promises is in none of the lecture's slide `titles`."""
    headings = " \n".join(titles).lower()
    for topic in promised:
        if topic.lower() not in headings:
            problem = f"the course promises '{topic}', and no heading of '{lecture}' has it"
            raise SourceError(problem, Where(COURSE_FILE), "give it a slide, or take the promise back")


def lecture_names(project: Path) -> list[str]:
    """Return the names of all lectures in the project, in alphabetical order; `check_name` judges them."""
    files = (path.name for path in sorted((project / "lectures").glob("*.md")))
    return [name.removesuffix(".md") for name in files if not name.startswith(NO_LECTURES)]


def check_name(name: str) -> None:
    """Raise SourceError for the name of a lecture that cannot be that of the folder of its pages."""
    problem = ""
    if not name or name.startswith("."):
        problem = "the name of a lecture cannot begin with a dot"
    elif name.casefold() in RESERVED_NAMES:
        problem = f"no lecture can be called '{name}': build/{name} is for other pages"
    elif not name.isprintable():
        problem = "the name of a lecture holds a character that does not print"
    if problem:
        raise SourceError(problem, Where(printable(f"lectures/{name}.md")), "rename the file: my_lecture.md")


def printable(text: str) -> str:
    """Return `text` with an escape for each character that does not print, such as the end of a line."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def check_lectures(names: tuple[str, ...], project: Path) -> None:
    """Raise SourceError if the course names a lecture twice, or one that does not exist."""
    known = lecture_names(project)
    for name in names:
        if names.count(name) > 1:
            raise SourceError(f"lecture '{name}' is named twice", Where(COURSE_FILE), "keep one of the two")
        if name not in known:
            raise SourceError(f"there is no lecture '{name}'", Where(COURSE_FILE), suggest(name, known))
