"""One runner for each kind of task; heavy libraries are imported only here, and each task runs in its own process."""
