"""The generator turns the text of a lecture into pages. It names no lecture, no figure and no experiment."""
