"""The judge of built pages: what a reader would stumble over, each told at the slide and the line it comes from."""
