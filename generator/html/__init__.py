"""Code that the output formats share: exporter, Markdown, page head, figures, links, and printing to PDF."""
