"""The words that pages say of themselves, in the language of a lecture.

The text in English is the key: `say("Figure {number}.", number=3)`. A catalog, `generator/languages/de.toml` or
`languages/de.toml` in a course, has for each text what it is in its language. `generator/languages/en.toml` lists them
all. What scripts and style sheets say is replaced in them as a page is made, so that a page in English has them as they
are written.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from generator.disk import read_file
from generator.errors import SourceError, Where, suggest

ENGLISH: Final = "en"
OWN_FOLDER: Final = "languages"  # in a course
BROUGHT: Final = Path(__file__).parent / "languages"  # those that come along
FIELDS: Final = ("name", "decimal", "thousands", "date", "months")
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalog:
    """The words of one language.

    words: what templates and the generator say, by the text in English. files: what each script and style sheet says,
    by the file's name and the text in English, in which `{1}`, `{2}` … stand for what the script fills in. figures:
    what kinds of figures say, in which `{1}` … stand for numbers and for phrases that are keys, `{a}` … for others.
    decimal, thousands: the signs in numbers. date, months: how a date is written, and the names of the months for it.
    """

    lang: str = ENGLISH
    words: Texts = field(default_factory=dict)
    files: Mapping[str, Texts] = field(default_factory=dict)
    figures: Texts = field(default_factory=dict)
    decimal: str = "."
    thousands: str = ","
    date: str = ""
    months: tuple[str, ...] = ()

    @property
    def is_english(self) -> bool:
        """Return whether its texts are the keys."""
        return not self.words


_spoken = [Catalog()]


@contextmanager
def speaking(catalog: Catalog) -> Iterator[None]:
    """Let `say` and the others of this module speak the language of `catalog`."""
    _spoken.append(catalog)
    try:
        yield
    finally:
        _spoken.pop()


def spoken() -> Catalog:
    """Return the catalog of the language that pages are written in now."""
    return _spoken[-1]


def say(text: str, **values: object) -> str:
    """Return what `text`, a key of the catalogs, is in the language of the page, with `values` in its braces."""
    words = text if spoken().is_english else spoken().words[text]
    return words.format(**values) if values else words


def say_number(shown: str) -> str:
    """Return a number, written as Python writes it (`1,234.5`), with the signs of the language of the page.

    >>> say_number("1,234.5")
    '1,234.5'
    """
    if spoken().is_english:
        return shown
    signs = {".": spoken().decimal, ",": spoken().thousands}
    return re.sub(r"(?<=\d)[.,](?=\d)", lambda found: signs[found[0]], shown)


def say_date(date: str) -> str:
    """Return a date, `2026-11-30`, as the language of the page writes it; what is written otherwise stays so."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date)
    if not found or not spoken().date or not 1 <= int(found[2]) <= 12:
        return date
    month = spoken().months[int(found[2]) - 1]
    return spoken().date.format(day=int(found[3]), month=month, year=found[1])


# What scripts and style sheets say.

# In English a number is written as JavaScript writes it, and the name of a figure small within a sentence.
_NUMBERS: Final = {
    "widgets/maps.js": ("value.toFixed(2)",), "draw/widget.js": ("value.toFixed(3)",),
    "train_here/widget.js": ("(100 * part / whole).toFixed(1)", "loss.toFixed(2)"),
}  # fmt: skip
_SMALL: Final = {"handout/stage.js": ".toLowerCase()", "convolution_explorer/widget.js": ".toLowerCase()"}


def say_file(name: str, text: str) -> str:
    """Return the script or the style sheet called `name` in the language of the page."""
    if spoken().is_english:
        return text
    text = text.replace(_SMALL.get(name, "\0"), "").replace('<html lang="en">', f'<html lang="{spoken().lang}">')
    for number in _NUMBERS.get(name, ()) if spoken().decimal != "." else ():
        text = text.replace(number, f'{number}.replace(".", "{spoken().decimal}")')
    told = spoken().files.get(name, {})
    for key in sorted(told, key=len, reverse=True):
        text = pattern_of(key).sub(lambda found, key=key: fill_literal(found, told[key]), text)  # type: ignore[misc]
    return text


_FILLED: Final = r"\$\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"


@lru_cache(1000)
def pattern_of(key: str) -> re.Pattern[str]:
    """Return the pattern that finds a text in a script: between quotes, or in HTML between two tags."""
    parts = re.split(r"\{\d+\}", key)
    inside = _FILLED.join(re.escape(part) for part in parts)
    return re.compile(rf"(?P<open>[\"'`]|>){inside}(?P<end>(?P=open)|<)")


# What stands for the sign that ends a text: one that is escaped would end it in a script that a script writes.
_INSTEAD: Final = {"'": "\u2019", '"': "\u201d", "`": "\u2018"}


def fill_literal(found: re.Match[str], words: str) -> str:
    """Return a text of a script in another language, with what the script fills in at the places of `{1}` and so on."""
    opened, end = found["open"], found["end"]
    filled = [value for at, value in enumerate(found.groups(), start=1) if at not in (1, found.re.groups)]
    quoted = words.replace("\\", "\\\\").replace(opened, _INSTEAD.get(opened, opened))
    return opened + re.sub(r"\{(\d+)\}", lambda place: f"${{{filled[int(place[1]) - 1]}}}", quoted) + end


# What kinds of figures say. They are made in processes of their own, once for all languages, and say it in English; a
# page says it anew, sentence by sentence, each by the one form that it has.

_WORD: Final = re.compile(r"(?<![\w.])(?!(?:max|mean)\(|ReLU\b)[A-Za-z]{2,}")
_PLACE: Final = re.compile(r"\{(\w)\}")
_PART, _AUTHORS = r"((?:(?!\. ).)+?)", r"((?:(?!\. |; )[^()])+)"  # an author writes no brackets there: they part a form


def say_sentences(text: str) -> str | None:
    """Return what a figure says of itself in the language of the page; None if the language lacks a form of it."""
    if spoken().lang.startswith(ENGLISH) or not _WORD.search(text):
        return text
    if (said := say_form(text)) is not None:
        return said
    for end in re.finditer(r"(?<=[.?!]) ", text):
        first, rest = say_form(text[: end.start()]), say_sentences(text[end.end() :])
        if first is not None and rest is not None:
            return f"{first} {rest}"
    return None


def say_form(text: str) -> str | None:
    """Return one sentence, or a phrase of one, in the language of the page; None if it is of no known form."""
    for key in sorted(spoken().figures, key=len, reverse=True):
        if found := form_of(key).fullmatch(text):
            parts = {name: part if name.isalpha() else say_sentences(part) for name, part in named(key, found)}
            if None not in parts.values():
                return _PLACE.sub(lambda place, parts=parts: str(parts[place[1]]), spoken().figures[key])  # type: ignore[misc]
    return None


def named(key: str, found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands in a sentence at each place of its form, by the name of the place."""
    yield from zip(_PLACE.findall(key), found.groups(), strict=True)


@lru_cache(1000)
def form_of(key: str) -> re.Pattern[str]:
    """Return the pattern of the sentences of a form: no part of one is longer than a sentence."""
    pieces = re.split(r"\{(\w)\}", key)
    found = [_AUTHORS if name.isalpha() else _PART for name in pieces[1::2]]
    inside = "".join(map("".join, zip(map(re.escape, pieces[::2]), [*found, ""], strict=True)))
    return re.compile(f"{inside}")


# Catalogs.


def catalog_of(lang: str, project: Path) -> Catalog:
    """Return the catalog of a language, as `read_catalog` does; where there is none, one in which pages say English."""
    return read_catalog(lang, project) or Catalog(lang)


def read_catalog(lang: str, project: Path) -> Catalog | None:
    """Return the catalog of the language `lang`, such as `de` or `de-AT`; None if nobody has written one.

    A file of the course takes precedence, text by text, over the one that comes along. Raises SourceError, at its line,
    for what is wrong in the course's file, and one for each text that is missing.
    """
    main = lang.lower().replace("_", "-").partition("-")[0]
    if main == ENGLISH:
        return Catalog()
    name = f"{OWN_FOLDER}/{main}.toml"
    own, text = read_toml(project / name, name)
    brought, _ = read_toml(BROUGHT / f"{main}.toml", name) if main.isalnum() else ({}, "")
    if not own and not brought:
        return None
    english, _ = read_toml(BROUGHT / f"{ENGLISH}.toml", name)
    check_texts(own, english, name, text)
    words = {**brought.get("words", {}), **own.get("words", {})}
    files = {
        file: {**brought.get("files", {}).get(file, {}), **own.get("files", {}).get(file, {})}
        for file in english["files"]
    }
    figures = {**brought.get("figures", {}), **own.get("figures", {})}
    check_complete(words, files, figures, english, Where(name))
    about = {**brought.get("language", {}), **own.get("language", {})}
    signs = {key: about[key] for key in ("decimal", "thousands", "date") if key in about}
    return Catalog(lang, words, files, figures, **signs, months=tuple(about.get("months", ())))


def read_toml(path: Path, name: str) -> tuple[dict[str, Any], str]:
    """Return what the TOML file at `path` says, and its text; nothing without a file. Raises SourceError, at `name`."""
    try:
        text = read_file(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        return tomllib.loads(text), text
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", Where(name), "may you read it?") from None
    except UnicodeDecodeError:
        raise SourceError("the text is not UTF-8", Where(name), "save the file with the encoding UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        raise SourceError(f"not TOML: {error}", Where(name, int(found[1]) if found else 0), "mend it") from None


def check_texts(own: Mapping[str, Any], english: Mapping[str, Any], name: str, text: str) -> None:
    """Raise SourceError, at its line, for a text that no page says, and for one that lacks what pages fill in.

    own: what a course's file says; text: that file's.
    """
    check_about(own, name, text)
    files = own.get("files", {})
    tables = [(table, own.get(table, {}), english[table]) for table in ("words", "figures")]
    tables += [(file, files[file], english["files"].get(file)) for file in files if isinstance(files, dict)]
    for table, texts, known in tables:
        if known is None or not isinstance(texts, dict):
            hint = suggest(table, [*english["files"]])
            raise SourceError(f"'{table}' is no table of texts", place_of(table, name, text), hint)
        for key, words in texts.items():
            where = place_of(key, name, text)
            if key not in known:
                raise SourceError(f"no page says '{key}'", where, suggest(key, list(known)))
            if not isinstance(words, str) or not words.strip():
                raise SourceError(f"'{key}' has no words", where, "write what it is in this language")
            is_unfit = braces_of(words) - braces_of(key) if table != "words" else braces_of(words) ^ braces_of(key)
            if is_unfit:
                wanted = ", ".join(sorted(braces_of(key))) or "no braces"
                raise SourceError(f"'{words}' fills in other things than '{key}'", where, f"it has {wanted}")


def check_about(own: Mapping[str, Any], name: str, text: str) -> None:
    """Raise SourceError, at its line, for a table or a field that catalogs have not, and for unfit months."""
    for table in own:
        if table not in ("language", "words", "figures", "files"):
            hint = suggest(table, ["language", "words", "figures", "files"])
            raise SourceError(f"a language has no '{table}'", place_of(table, name, text), hint)
    for key, value in own.get("language", {}).items():
        where = place_of(key, name, text)
        if key not in FIELDS:
            raise SourceError(f"a language has no '{key}'", where, suggest(key, list(FIELDS)))
        if key == "months" and not (isinstance(value, list) and len(value) == 12 and all(map(is_text, value))):
            raise SourceError("'months' are twelve texts", where, 'write months = ["janvier", …]')
        if key != "months" and not is_text(value):
            raise SourceError(f"'{key}' is a text, not {value!r}", where, f'write {key} = "…"')
        if key == "date" and not braces_of(value) <= {"{day}", "{month}", "{year}"}:
            raise SourceError(f"'{value}' is no form of a date", where, 'write date = "{day} {month} {year}"')


def is_text(value: object) -> bool:
    """Return whether a value of TOML is a text."""
    return isinstance(value, str)


def check_complete(
    words: Texts, files: Mapping[str, Texts], figures: Texts, english: Mapping[str, Any], where: Where
) -> None:
    """Raise a SourceError with all others if texts are missing, one for each."""
    missing = [key for key in english["words"] if key not in words]
    missing += [key for key in english["figures"] if key not in figures]
    missing += [f"{file}: {key}" for file, texts in english["files"].items() for key in texts if key not in files[file]]
    if missing:
        raise all_of(SourceError(f"this language lacks '{key}'", where, "add it") for key in missing)


def all_of(errors: Iterable[SourceError]) -> SourceError:
    """Return the first of some errors, with the others as such."""
    first, *others = errors
    first.others = tuple(others)
    return first


def braces_of(text: str) -> set[str]:
    """Return what stands in braces in a text, `{number}` and the like."""
    return set(re.findall(r"\{\w+\}", text))


def place_of(key: str, name: str, text: str) -> Where:
    """Return the place of a key, or of a table, in the file `name` with this `text`."""
    written = (f'"{key}"', f"'{key}'", key)
    lines = text.split("\n")
    heads = tuple(f"[files.{sign}{key}{sign}]" for sign in ("'", '"'))
    found = (*written, f"[{key}]", *heads)
    at = (number for number, line in enumerate(lines, start=1) if line.strip().startswith(found))
    return Where(name, next(at, 0))
