"""From a planned lecture and its artifacts to the notebook that all formats export; knows no HTML."""
