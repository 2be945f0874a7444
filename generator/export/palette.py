"""The theme's colours as CSS custom properties, one a role: `--ink`, `--input-tint`."""

from dataclasses import asdict

from generator.theme import DARK, LIGHT, THEMES, Theme


def properties(theme: Theme) -> str:
    """Return the declarations of all roles of `theme`."""
    roles = {role: colour for role, colour in asdict(theme).items() if role != "name"}
    return " ".join(f"--{role.replace('_', '-')}: {colour};" for role, colour in roles.items())


def deck_palette(name: str) -> str:
    """Return the rule for a deck: the lecture's theme, and its opposite on the slides that begin a part."""
    theme = THEMES.get(name, LIGHT)
    other = LIGHT if theme is DARK else DARK
    return (
        f":root {{ color-scheme: {theme.name}; {properties(theme)} }}\n"
        f".divider, .reveal-viewport.on-divider {{ {properties(other)} }}\n"
    )


def handout_palette() -> str:
    """Return the rules for a handout: light, and dark where the reader's device asks for it."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {properties(DARK)} }} }}\n"
    return f":root {{ color-scheme: light dark; {properties(LIGHT)} --card: {LIGHT.paper}; }}\n{dark}"
