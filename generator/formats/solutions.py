"""The exercise sheet with the solutions. Not for students."""

from pathlib import Path

from generator.document.format import Format
from generator.document.tree import Document
from generator.formats import exercises, teacher
from generator.formats.exercises import ExercisesExporter
from generator.html.exporter import export_page


class SolutionsExporter(ExercisesExporter):
    """The exercises of a lecture as a sheet, each with its solution."""

    audience = "teacher"
    views = ("teacher", "handout")
    title = "Exercises with solutions"
    has_solutions = True
    elsewhere = teacher.FORMAT.file_name


def export(document: Document, project: Path) -> bytes:
    """Return the sheet as one HTML file. Raises PageError."""
    return export_page(SolutionsExporter, document, project)


FORMAT = Format(
    "solutions.html",
    export,
    option=exercises.OPTION,
    made_from=teacher.FORMAT.file_name,
    is_made_of=exercises.has_exercises,
)
