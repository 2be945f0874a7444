"""A pad in a presentation, which runs no program of a page: the still of one test digit, and its steps as notes."""

from generator.directives.figure.powerpoint import further, items, notes

__all__ = ["further", "items", "notes"]
