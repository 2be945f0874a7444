"""Which code a task can reach, as a digest that goes into its key; found by reading source, importing nothing."""
