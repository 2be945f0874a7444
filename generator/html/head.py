"""Builds the head of a page: style sheets, scripts, embedded fonts, and a policy that allows nothing else.

Every style sheet and script is written into the page, and the Content-Security-Policy lists their hashes. The colors of
a theme become CSS custom properties; fonts are subset to the characters that the page uses and embedded in its styles.
"""

import contextlib
import re
import sys
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import fontTools
from markupsafe import Markup

from generator.disk import CACHE_ERRORS, digest_of_modules, read_sealed, write_sealed
from generator.document.tree import PageSlide
from generator.errors import PageError
from generator.lecture.backgrounds import DIMMED
from generator.roots import CACHE_HOME
from generator.theme import DARK, FONT_FOLDER, LIGHT, MONO, SANS, THEMES, Theme
from generator.words import ENGLISH, say_file, spoken

TEMPLATES: Final = Path(__file__).parent / "templates"
ARTICLE_STYLES: Final = (  # of the handout, the gallery and the course's index
    "shared/text.css",
    "shared/formulas.css",
    "shared/code.css",
    "handout/page.css",
    "handout/article.css",
    "handout/blocks.css",
    "handout/stage.css",
    "handout/print.css",
)


@dataclass(frozen=True, slots=True)
class PageHead:
    """Style sheets and scripts to be written into a page as they are, and the page's Content-Security-Policy."""

    policy: str
    styles: tuple[Markup, ...]
    scripts: tuple[Markup, ...]
    noscript_styles: tuple[Markup, ...] = ()  # used only where scripts are disabled
    modules: tuple[Markup, ...] = ()  # scripts of the type `module`: strict, with names of their own, run last


def make_head(
    styles: Iterable[str],
    scripts: Iterable[str],
    *,
    noscript_styles: Iterable[str] = (),
    allowed: Iterable[str] = (),
    modules: Iterable[str] = (),
    extra: str = "",
) -> PageHead:
    """Return the head of a page with these style sheets and scripts, each given as its text.

    noscript_styles: style sheets used only where scripts are disabled; allowed: further style sheets or scripts,
    inserted by a script of the page while it runs; modules: further scripts, of the type `module`; extra: further
    directives of the policy. Raises ValueError if a text would close its own element.
    """
    sheets, programs, bare = tuple(styles), tuple(scripts), tuple(noscript_styles)
    joined, other = tuple(modules), tuple(allowed)
    policy = (
        f"default-src 'none'; script-src {_sources([*programs, *joined, *other])}; "
        f"style-src {_sources([*sheets, *bare, *other])}; "
        "img-src data:; media-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; "
        f"base-uri 'none'{extra}"
    )
    return PageHead(
        policy,
        _markup(sheets, "</style"),
        _markup(programs, "</script"),
        _markup(bare, "</style"),
        _markup(joined, "</script"),
    )


def hash_source(text: str) -> str:
    """Return the source expression that allows exactly `text` in a Content-Security-Policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def read_template(*names: str) -> str:
    """Return the texts of files below the template folder, joined, in the language of the page."""
    return "\n".join(say_file(name, (TEMPLATES / name).read_text(encoding="utf-8")).strip() for name in names) + "\n"


def hyphens() -> str:
    """Return the rules by which words are divided in other languages than English, whose words are short."""
    return "" if spoken().lang.startswith(ENGLISH) else read_template("shared/hyphens.css")


_STRING: Final = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")


def squeeze_styles(text: str) -> str:
    """Return a style sheet without comments, and without white space where it means nothing; strings stay."""
    pieces = _STRING.split(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    for at in range(0, len(pieces), 2):
        plain = re.sub(r"\s+", " ", pieces[at])
        plain = re.sub(r" ?([{};,>]) ?", r"\1", plain)
        pieces[at] = re.sub(r"(?<=[\w-]): (?=[^{}]*(?:[;}]|$))", ":", plain).replace(";}", "}")
    return "".join(pieces).strip()


def squeeze_script(text: str) -> str:
    """Return a script of ours without the lines that are comments, and without indentation."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _sources(texts: list[str]) -> str:
    return " ".join(hash_source(text) for text in texts) or "'none'"


def _markup(texts: tuple[str, ...], end: str) -> tuple[Markup, ...]:
    for text in texts:
        if end in text.lower():
            raise ValueError(f"a text that is to stand in an element of its own holds '{end}'")
    return tuple(Markup(text) for text in texts)  # noqa: S704 - our own files, no text of an author


# The theme's colors as CSS custom properties, one for each role: `--ink`, `--input-tint`.


def properties(theme: Theme) -> str:
    """Return the CSS declarations of all roles of `theme`."""
    roles = {role: color for role, color in asdict(theme).items() if role != "name"}
    return " ".join(f"--{role.replace('_', '-')}: {color};" for role, color in roles.items())


def deck_palette(name: str) -> str:
    """Return the color rules of a deck: the lecture's theme, and the opposite theme on slides that begin a part."""
    theme = THEMES.get(name, LIGHT)
    other = LIGHT if theme is DARK else DARK
    return (
        f":root {{ color-scheme: {theme.name}; {properties(theme)} }}\n"
        f".divider, .reveal-viewport.on-divider {{ {properties(other)} }}\n"
    )


def ground_rules(slides: Iterable[PageSlide], *, with_images: bool) -> str:
    """Return the rules for slides that stand on a color or an image: the colors of their text, and their ground.

    with_images: whether the rules hold the images; in a deck reveal.js shows them. An image is dimmed, so that white
    text can be read on it.
    """
    grounds = [slide for slide in slides if slide.theme]
    rules = [f'[data-stands-on="{name}"] {{ {properties(THEMES[name])} }}' for name in {s.theme: None for s in grounds}]
    for slide in grounds:
        shade = f"rgb(0 0 0 / {1 - DIMMED})"
        image = f'linear-gradient({shade}, {shade}), url("{slide.image}") center / cover, #000000'
        ground = slide.color or (image if with_images else "none")
        rules.append(f'.reveal .slides section[data-ground="{slide.number}"] {{ background: {ground}; }}')
    return "".join(f"{rule}\n" for rule in rules)


def handout_palette(theme: str = "light") -> str:
    """Return the color rules of a handout: dark if the lecture's `theme` is, or the reader's device prefers it.

    On paper it is always light.
    """
    rules = f":root {{ color-scheme: dark; {properties(DARK)} }}"
    return (
        f":root {{ color-scheme: light dark; {properties(LIGHT)} --card: {LIGHT.paper}; }}\n"
        f"@media {where_dark(theme)} {{ {rules} }}\n"
    )


def where_dark(theme: str) -> str:
    """Return the media in which the handout of a lecture in this theme is dark."""
    return "screen" if theme == "dark" else "screen and (prefers-color-scheme: dark)"


_DARK_COLOR: Final = re.compile(r"var\(--c([0-9a-f]{6}),")


def dark_drawings(text: str, theme: str) -> str:
    """Return the rules by which the drawings in a page's HTML are dark where the page is (see `handout_palette`)."""
    colors = sorted(set(_DARK_COLOR.findall(text)))
    named = " ".join(f"--c{color}: #{color};" for color in colors)
    dark = f":is(.drawing, .piece) {{ {named} }} .on-light {{ display: none; }} .on-dark {{ display: inline; }}"
    return f".on-dark {{ display: none; }}\n@media {where_dark(theme)} {{ {dark} }}\n"


# Fonts, subset to the characters that a page uses and embedded in its style sheet.

_FACES: Final = (
    (SANS, 400, "normal", "IBMPlexSans-Regular.ttf"),
    (SANS, 600, "normal", "IBMPlexSans-SemiBold.ttf"),
    (SANS, 400, "italic", "IBMPlexSans-Italic.ttf"),
    (MONO, 400, "normal", "IBMPlexMono-Regular.ttf"),
    (MONO, 600, "normal", "IBMPlexMono-SemiBold.ttf"),
)
_MATH: Final = "STIX Two Math"
# Script letters, primes, and the forms of letters in indices and below accents.
_MATH_FEATURES: Final = ("ss01", "ss04", "ssty", "dtls")
_FRACTIONS: Final = ("frac", "numr", "dnom")  # on by default, used by no page, and a set of small digits each
# In the fonts of every page: English letters, punctuation, signs of arithmetic, what style sheets insert by `content:`,
# and what a browser inserts at a hyphen. Pages that need nothing else share their fonts, since subsetting takes time.
_ENGLISH: Final = "".join(map(chr, range(0x20, 0x7F)))
_SIGNS: Final = (
    "\u00a0\u00b0\u00b7\u00d7\u00f7\u2009\u202f\u2010\u2013\u2014\u2018\u2019\u201c\u201d"
    "\u2022\u2026\u25e6\u2190\u2192\u2212\u2248\u2713"
)
_ALWAYS_INCLUDED: Final = _ENGLISH + _SIGNS
FONT_CACHE: Final = CACHE_HOME / ".lectern" / "cache" / "fonts"  # subset fonts, by digest
_FORMULA: Final = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_SLANTED: Final = re.compile(r"<(em|i|var|cite|dfn)\b.*?</\1>", re.DOTALL)
_HAS_ROOT: Final = re.compile(r"<m(?:sqrt|root)\b")
_ROOT: Final = "√"


def font_faces(text: str) -> str:
    """Return the @font-face rules of all fonts, subset to the characters that `text` (the page's HTML) needs."""
    used = used_characters(text)
    slanted = slanted_characters(text, used)
    faces = [
        _face(family, weight, style, FONT_FOLDER / name, slanted if style == "italic" else used)
        for family, weight, style, name in _FACES
        if slanted or style != "italic"
    ]
    if formulas := _FORMULA.findall(text):
        markup = "".join(formulas)
        root = _ROOT if _HAS_ROOT.search(markup) else ""  # which is a tag, no text
        signs = "".join(sorted({*unescape(_TAG.sub("", markup)), *root}))
        faces.append(_face(_MATH, 400, "normal", _math_font(), signs + "".join(map(italic, signs))))
    return "\n".join(faces) + "\n"


_CLASS_OF_FORMULAS: Final = re.compile(r"\.((?:tml|chr)-[\w-]+)")
_CLASSES: Final = re.compile(r'class="([^"]*)"')
_CHOICE: Final = re.compile(r":is\([^()]*\)")  # of which any may hold
_RULE: Final = re.compile(r"([^{}]*)\{[^{}]*\}")
_BETWEEN_SELECTORS: Final = re.compile(r",(?![^(]*\))")


def lean_formula_styles(styles: str, text: str) -> str:
    """Return style sheets without the rules for forms of formulas that `text` (the page's HTML) does not have."""
    held = {name for formula in _FORMULA.findall(text) for names in _CLASSES.findall(formula) for name in names.split()}

    def write(rule: re.Match[str]) -> str:
        selectors = _BETWEEN_SELECTORS.split(rule[1])
        is_needed = [held.issuperset(_CLASS_OF_FORMULAS.findall(_CHOICE.sub("", one))) for one in selectors]
        return rule[0] if any(is_needed) else ""

    return _RULE.sub(write, styles)


def used_characters(text: str) -> str:
    """Return the characters that the fonts of a page need, in order; `text`: its HTML."""
    # A page is some megabytes, nearly all of it ASCII, which every font has: drop that before making the set.
    others = text.encode().translate(None, _ENGLISH.encode()).decode()
    return "".join(sorted({*others, *_ALWAYS_INCLUDED}))


def slanted_characters(text: str, used: str) -> str:
    """Return the characters that a page shows in italics; `used`, those of the page, if a picture has italics, too."""
    if 'font-style="italic"' in text:
        return used
    words = _TAG.sub("", "".join(match[0] for match in _SLANTED.finditer(text)))
    return "".join(sorted({*unescape(words)}))


def italic(letter: str) -> str:
    """Return the character that browsers draw for a one-letter <mi>: the mathematical italic, if there is one."""
    if letter == "h":
        return "\u210e"
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def _face(family: str, weight: int, style: str, path: Path, used: str) -> str:
    return font_rule(family, weight, style, b64encode(cut_font(path, used)).decode())


def font_rule(family: str, weight: int, style: str, source: str) -> str:
    """Return the @font-face rule for a font in WOFF2, given in base64."""
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; font-display: block; '
        f'src: url("data:font/woff2;base64,{source}") format("woff2"); }}'
    )


@cache
def cut_font(path: Path, characters: str) -> bytes:
    """Return the font at `path` as WOFF2 with the glyphs of these characters only; the same bytes each time.

    Subset fonts are cached in sealed files, named by a digest of everything that their bytes depend on.
    """
    code = digest_of_modules(sys.modules[__name__])
    key = sha256(f"{path.name} {fontTools.version} {code} {characters}".encode())
    key.update(path.read_bytes())
    cached_font = FONT_CACHE / key.hexdigest()
    with contextlib.suppress(*CACHE_ERRORS):
        return read_sealed(cached_font)
    font = make_font_subset(path, characters)
    write_sealed(cached_font, font)
    return font


def make_font_subset(path: Path, characters: str) -> bytes:
    """Return what `cut_font` returns, without the cache."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff2", notdef_outline=True, hinting=False)
    options.layout_features += ["tnum", "zero", *_MATH_FEATURES]
    options.layout_features = [name for name in options.layout_features if name not in _FRACTIONS]
    options.drop_tables += ["meta"]  # fontTools cannot subset it and would warn
    font = TTFont(path, recalcTimestamp=False)
    if "MATH" in font:
        _mend_arrows(font["MATH"].table.MathVariants.HorizGlyphConstruction)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


def _mend_arrows(constructions: Iterable[Any]) -> None:
    """Let the heads of →, ↔ and ↦ be joined to their shafts: STIX Two Math 2.11 says so at the wrong end of them."""
    for construction in constructions:
        head = construction.GlyphAssembly.PartRecords[-1] if construction.GlyphAssembly else None
        if head and not head.StartConnectorLength:
            head.StartConnectorLength, head.EndConnectorLength = head.EndConnectorLength, 0


def _math_font() -> Path:
    package = find_spec("ziamath")  # located, not imported: only its font is needed
    if package is None or package.origin is None:
        raise PageError("the font for formulas is missing", hint="run make setup")
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
