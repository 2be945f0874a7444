"""A recap in a presentation, which is an agenda without minutes."""

from generator.directives.agenda.powerpoint import items

__all__ = ["items"]
