"""Finds what a build profile says in vain."""

from collections.abc import Iterator
from pathlib import Path

from generator.errors import LectureError, RecipeError, SourceError, Where, suggest
from generator.lecture.course import COURSE_FILE, Profile, place_of, read_course_text
from generator.plan.recipes import read_recipe, recipe_names


def find_idle_arguments(profile: Profile, project: Path) -> Iterator[LectureError]:
    """Yield a warning for each argument of a profile that no experiment of the project has as a parameter.

    Nothing is told while an experiment cannot be read: it may have the parameter.
    """
    if not profile.arguments:
        return
    names = recipe_names("experiment", project)
    try:
        recipes = [read_recipe("experiment", name, project, Where(COURSE_FILE)) for name in names]
    except RecipeError:
        return
    known = sorted({parameter.name for recipe in recipes for parameter in recipe.parameters} - {"data", "seed"})
    for name in [name for name in profile.arguments if name not in known]:
        problem = f"no experiment has the parameter '{name}' of the profile '{profile.name}'"
        yield SourceError(problem, place_of(name, read_course_text(project)), suggest(name, known))
