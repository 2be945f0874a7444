"""What we show: one kind of figure a file; a pure NumPy trace first, then its views."""
