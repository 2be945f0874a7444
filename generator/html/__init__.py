"""What the HTML formats share: exporter, Markdown, page head, figures, links, and printing to PDF."""
