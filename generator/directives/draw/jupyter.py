"""A pad in a Jupyter notebook, which runs no program of a page: the still of one test digit, and its steps."""

from generator.directives.figure.jupyter import write

__all__ = ["write"]
