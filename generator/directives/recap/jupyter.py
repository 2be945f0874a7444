"""A recap in a Jupyter notebook, which is like an agenda there."""

from generator.directives.agenda.jupyter import write

__all__ = ["write"]
