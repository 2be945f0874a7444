"""Where Chromium is on this machine: it prints pages and is asked to judge them; nothing is downloaded."""

import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """Return the path of Chromium, or of Chrome; empty where there is neither."""
    return next(filter(None, map(shutil.which, NAMES)), "")
