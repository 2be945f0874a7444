"""Checks built pages for what a reader would stumble over, and reports each fault at its slide and source line."""
