"""Style rules for what a course's `theme.toml` gives its pages besides colors: fonts from files, and a logo."""

from base64 import b64encode

from generator.html.head import cut_font, font_rule, used_characters
from generator.lecture.page_looks import CUTS, Logo, Looks
from generator.theme import LIGHT, MONO, SANS

_FAMILIES = {"text": SANS, "code": MONO}  # of the pages: those of a course's own stand before them
_OF_PICTURES = ".drawing"  # pictures bring the place of each of their letters, in the fonts that they were drawn in


def with_own_fonts(styles: str, looks: Looks, body: str) -> str:
    """Return the style sheet of a page in the course's own fonts, which are cut to the characters of its `body`.

    A letter that they lack is taken from the fonts that come along. Pictures keep the fonts that they were drawn in.
    """
    for cut, family in _FAMILIES.items():
        if cut in looks.fonts:
            own = f'"{CUTS[cut][0]}", "{family}"'
            lines = styles.split("\n")
            styles = "\n".join(line if _OF_PICTURES in line else line.replace(f'"{family}"', own) for line in lines)
    used = used_characters(body) if looks.fonts else ""
    rules = [font_rule(*CUTS[cut], b64encode(cut_font(path, used)).decode()) for cut, path in looks.fonts.items()]
    return "".join(f"{rule}\n" for rule in rules) + styles


def logo_rules(looks: Looks) -> str:
    """Return the rules for the course's logo, `.logo-light` on light ground and `.logo-dark` on dark; none without."""
    if looks.logo is None:
        return ""
    return (
        f".logo {{ display: inline-block; flex: none; aspect-ratio: {looks.logo.ratio:.4g}; "
        f"background: center / contain no-repeat; print-color-adjust: exact; }}\n"
        f".logo-light {{ {_image(looks.logo.light)} }}\n.logo-dark {{ {on_dark(looks.logo)} }}\n"
    )


def on_dark(logo: Logo) -> str:
    """Return the declarations for a logo on dark ground; without an image for it, it stands on a light plate."""
    plate = f"background-color: {LIGHT.paper}; border-radius: 2px; box-shadow: 0 0 0 4px {LIGHT.paper};"
    return _image(logo.dark) if logo.dark else f"{_image(logo.light)} {plate}"


def _image(address: str) -> str:
    return f'background-image: url("{address}");'
