"""An explorer in a presentation: its still, as a figure."""

from generator.directives.figure.powerpoint import items

__all__ = ["items"]
