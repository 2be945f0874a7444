"""The runners are the only rooms where heavy libraries are imported; each runs in a child process of its own."""
