"""Runs tasks: keys, store, schedule and workers. Knows nothing of lectures, figures and pages."""
