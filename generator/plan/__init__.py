"""From a lecture and the recipes it names to tasks, every argument checked; runs nothing."""
