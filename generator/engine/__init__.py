"""Runs tasks: keys, store, schedule and workers. Knows no lecture, no figure and no page."""
