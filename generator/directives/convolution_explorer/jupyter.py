"""An explorer in a Jupyter notebook: its still, as a figure."""

from generator.directives.figure.jupyter import write

__all__ = ["write"]
