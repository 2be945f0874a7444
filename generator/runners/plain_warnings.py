"""An extension for the kernel that runs a lecture's code: of a warning its words are shown, and not where it is."""

import warnings


def load_ipython_extension(_: object) -> None:
    """Let warnings be shown as their class and their words."""
    warnings.formatwarning = words_of_warning


def words_of_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,  # noqa: ARG001 - the parameters that Python gives it by name or place
    lineno: int,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> str:
    """Return what is shown of a warning."""
    return f"{category.__name__}: {message}\n"
