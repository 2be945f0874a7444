"""Finds which project code a task can reach, and digests it for the task's key; reads source, imports nothing."""
