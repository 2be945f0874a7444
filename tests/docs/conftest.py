"""The examples of the guide, built once for all tests."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from guide import LECTURES, build, make_guide_project


@dataclass(frozen=True, slots=True)
class Guide:
    """The project in which the examples were built, and what the build said."""

    project: Path
    done: subprocess.CompletedProcess[str]

    def text(self, lecture: str, file: str) -> str:
        """Return the words of a built file, spaces made one."""
        content = (self.project / "build" / lecture / file).read_text(encoding="utf-8")
        if file.endswith(".ipynb"):
            return " ".join(" ".join(cell["source"] for cell in map(joined, json.loads(content)["cells"])).split())
        page = BeautifulSoup(content, "html.parser")
        for hidden in page(["script", "style"]):
            hidden.decompose()
        return re.sub(r"\s+", " ", page.get_text())


def joined(cell: dict) -> dict:
    """Return a notebook's cell with its source as one text."""
    return {**cell, "source": "".join(cell["source"])}


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """Build every example of the guide in one project."""
    project = make_guide_project(tmp_path_factory.mktemp("guide") / "project")
    return Guide(project, build(project, LECTURES))
