"""Programs of npm that are measured against: each is locked in a folder beside this file, and installed when it is asked for."""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
PLACES = os.pathsep.join([os.environ["PATH"], str(PROJECT / ".venv" / "bin")])  # where the set-up may have put npm


def install(name: str, folder: Path) -> str:
    """Install what is locked in the folder `name` into a new `folder`; return node, or "" after saying why it cannot be."""
    shutil.copytree(HERE / name, folder)
    node, npm = shutil.which("node", path=PLACES), shutil.which("npm", path=PLACES)
    if not node or not npm:
        print(f"{name} is left out: there is no npm")  # noqa: T201
        return ""
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    environment = {**os.environ, "PATH": PLACES}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        why = "\n".join(done.stderr.splitlines()[:4])
        print(f"{name} is left out: it could not be installed\n{why}")  # noqa: T201
        return ""
    return node
