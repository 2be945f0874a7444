"""From a lecture and the recipes that it names to tasks, with every argument checked; runs nothing."""
