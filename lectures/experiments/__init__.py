"""What we measure: one `measure` a file."""
