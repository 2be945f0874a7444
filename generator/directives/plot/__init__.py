"""`{plot}`: a picture drawn by a few lines of Matplotlib, without the lines themselves; a `{code}` for its picture."""

from generator.directives.code import Code, read_alt, read_list, read_used
from generator.errors import SourceError
from generator.lecture.directive import Directive, ReadBlocks

CELL = None  # its cells are those of {code}


def read(directive: Directive, _: ReadBlocks) -> Code:
    """Return the code that draws the picture; raise SourceError if there is none, or no words for the picture."""
    directive.allow("alt", "caption", "use", "files")
    directive.take_no_argument()
    directive = directive.without_comments(body=False)
    if not directive.body.strip():
        raise SourceError("the plot has no lines that draw it", directive.where, "write for example plt.plot(path)")
    if not (alt := read_alt(directive)):
        raise SourceError(
            "the plot has no words for who cannot see it", directive.where, "add :alt: with what it shows"
        )
    return Code(
        directive.body,
        directive.body_where,
        caption=directive.option("caption"),
        alt=alt,
        show="output",
        used=read_used(directive),
        files=read_list(directive, "files"),
        is_plot=True,
    )
