"""The course: which lectures there are, in which order, and what a build profile changes; knows no lecture's text."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import LectureError, Report, SourceError, Where, suggest
from generator.lecture.blocks import Lecture
from generator.lecture.parser import read_lecture


def folder_inside(project: Path, name: str) -> str:
    """Return the folder `name` relative to the project; raise SourceError for one outside."""
    path = (project / name).resolve()
    if not path.is_relative_to(project.resolve()) or path == project.resolve():
        raise SourceError(f"'{name}' lies outside the project", hint="name a folder inside the project: build")
    return path.relative_to(project.resolve()).as_posix()


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to build: `arguments` replace parameters of experiments by name; `seed_list` replaces all seeds."""

    name: str = "full"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    seed_list: tuple[int, ...] | None = None

    def seeds(self, asked: tuple[int, ...]) -> tuple[int, ...]:
        """Return the seeds to run where a lecture asks for `asked`."""
        return asked if self.seed_list is None else self.seed_list


@dataclass(frozen=True, slots=True)
class Course:
    """The course: its title, its lectures' names in order, its profiles, and the topics that it promises of each."""

    title: str
    lectures: tuple[str, ...]
    profiles: Mapping[str, Profile]
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def profile(self, name: str) -> Profile:
        """Return the profile `name`; raise SourceError when the course has none of that name."""
        if name not in self.profiles:
            raise SourceError(f"there is no profile '{name}'", Where(COURSE_FILE), suggest(name, list(self.profiles)))
        return self.profiles[name]


def read_lectures(project: Path, course: Course, names: Sequence[str], report: Report) -> list[Lecture]:
    """Return the lectures to build, in the course's order; one that cannot be read is an error of its own."""
    order = ordered_names(project, course)
    for name in names:
        if name not in order:
            raise SourceError(f"there is no lecture '{name}'", Where("lectures"), suggest(name, sorted(order)))
    lectures = []
    for name in [name for name in order if not names or name in names]:
        try:
            lecture = read_lecture(project / "lectures" / f"{name}.md", project)
            check_topics(course.topics.get(name, ()), [slide.title for slide in lecture.slides], name)
            report.warnings += filter(None, [lecture.overrun()])
            lectures.append(lecture)
        except LectureError as error:
            report.errors.append(error)
    return lectures


COURSE_FILE = "lectures/course.toml"
NO_LECTURES = ("glossary",)  # texts beside the lectures


def read_course(project: Path) -> Course:
    """Return the course of the project; raise SourceError when its file cannot be understood."""
    try:
        fields = tomllib.loads((project / COURSE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError("there is no course", Where(COURSE_FILE), "write title and lectures into it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"not TOML: {error}", Where(COURSE_FILE), "mend the file") from None
    profiles = {name: read_profile(name, values) for name, values in fields.get("profiles", {}).items()}
    profiles.setdefault("full", Profile())
    lectures = tuple(fields.get("lectures", []))
    check_lectures(lectures, project)
    topics = {name: tuple(promised) for name, promised in fields.get("topics", {}).items()}
    check_lectures(tuple(topics), project)
    return Course(str(fields.get("title", "")), lectures, profiles, topics)


def ordered_names(project: Path, course: Course) -> list[str]:
    """Return the names of all lectures, in the course's order and then of those that it does not name."""
    return [*course.lectures, *(name for name in lecture_names(project) if name not in course.lectures)]


def read_profile(name: str, values: Mapping[str, Any]) -> Profile:
    """Return one profile: `seeds` is a list of its own, the rest are parameters of experiments."""
    arguments = {key: value for key, value in values.items() if key != "seeds"}
    seeds = tuple(values["seeds"]) if "seeds" in values else None
    return Profile(name, arguments, seeds)


def check_topics(promised: Sequence[str], titles: Sequence[str], lecture: str) -> None:
    """Raise SourceError where a topic that the course promises is in none of the lecture's `titles`."""
    known = " \n".join(titles).lower()
    for topic in promised:
        if topic.lower() not in known:
            problem = f"the course promises '{topic}', and no heading of '{lecture}' has it"
            raise SourceError(problem, Where(COURSE_FILE), "give it a slide, or take the promise back")


def lecture_names(project: Path) -> list[str]:
    """Return the names of all lectures that the project has."""
    names = (path.stem for path in sorted((project / "lectures").glob("*.md")))
    return [name for name in names if name not in NO_LECTURES]


def check_lectures(names: tuple[str, ...], project: Path) -> None:
    """Raise SourceError when the course names a lecture twice, or one that does not exist."""
    known = lecture_names(project)
    for name in names:
        if names.count(name) > 1:
            raise SourceError(f"lecture '{name}' is named twice", Where(COURSE_FILE), "keep one of the two")
        if name not in known:
            raise SourceError(f"there is no lecture '{name}'", Where(COURSE_FILE), suggest(name, known))
