"""The generator turns a lecture's text into pages; it knows no lecture, no figure and no experiment by name."""
