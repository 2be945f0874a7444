"""What a presentation for an office is drawn with; imported only where python-pptx is installed."""
