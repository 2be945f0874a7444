"""Experiments: every module with a `measure` function is one, and `measure` returns its results."""
