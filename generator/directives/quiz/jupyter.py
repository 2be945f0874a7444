"""A quiz in a Jupyter notebook: Markdown, with the answer, the explanation and the feedback folded away."""

from nbformat import NotebookNode

from generator.directives.quiz import LETTERS, QuizCell
from generator.document.tree import Document
from generator.lecture.syntax import tokens_of
from generator.words import say


def write(node: NotebookNode, cell: QuizCell, _: Document) -> None:
    """Write the options, the answer and the explanation below the question in the cell of a quiz."""
    options = "\n".join(f"- **{letter}** {option}" for letter, option in zip(LETTERS, cell.options, strict=False))
    why = cell.explanation
    # Behind the letter, only a paragraph stays what it is; a list or a table begins below it.
    gap = " " if not why or tokens_of(why)[0].type == "paragraph_open" else "\n\n"
    answer = f"**{cell.letter}.**{gap if why else ''}{why}"
    replies = "\n".join(f"- **{letter}** {text}" for letter, text in cell.replies)
    answer += f"\n\n{replies}" if replies else ""
    node.source = f"{node.source}\n\n{options}\n\n<details><summary>{say('Answer')}</summary>\n\n{answer}\n\n</details>"
