"""From a planned lecture and its artifacts to the one notebook that all formats export; knows no HTML."""
