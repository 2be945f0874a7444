"""`{recap}`: the lecture's parts again, without their minutes, to look back on."""

from generator.directives.agenda import CELL, read

__all__ = ["CELL", "read"]
