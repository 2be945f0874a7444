"""The command `lectern`: builds the course in the current folder, wherever Lectern itself is.

In a clone this file is a program, `.venv/bin/python setup/lectern.py`. In a wheel it is the package `lectern`, which
has the library in a folder of its own: `figures` and `lectures` would be poor names to take in anybody's site-packages,
and a course has folders of these names, too.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALLED = os.path.join(HERE, "library")
LIBRARY = INSTALLED if os.path.isdir(INSTALLED) else os.path.dirname(HERE)


def main() -> None:
    """Run the command that this process was started with, and exit with its code."""
    own = os.path.join(LIBRARY, "generator")
    if os.path.isdir("generator") and not os.path.samefile("generator", own):
        sys.stderr.write("this folder has a generator of its own, which is not the one of this command\n")
        sys.exit("hint: a clone builds itself: run make there; in a course, rename the folder 'generator'")
    sys.path[0] = LIBRARY
    from generator.__main__ import run

    run()


if __name__ == "__main__":
    main()
