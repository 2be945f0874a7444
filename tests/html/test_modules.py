"""Modules of ours, joined into the one script of a page: it does what they do, and what cannot be joined is told."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.html.head import hash_source, make_head
from generator.html.modules import join_modules

WIDGETS = Path(__file__).parents[2] / "generator" / "html" / "templates" / "widgets"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_files(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return tmp_path / f"{next(iter(texts))}.js"

    return write_files


def run(program: str) -> str:
    return subprocess.run(
        ["node", "--input-type=module", "-"], input=program, text=True, capture_output=True, check=True
    ).stdout


def test_joined_modules_print_what_the_modules_print(write: Write) -> None:
    main = write(
        main='import { twice, Box as Case } from "./parts.js";\nimport { more } from "./more.js";\n'
        "const own = 1;\nconsole.log(twice(own), new Case().own, more());\n",
        parts="const own = 5;\nexport const twice = value => 2 * value;\nexport class Box { own = own; }\n",
        more='import { twice } from "./parts.js";\nexport function more() {\n  // no comment\n  return twice(own);\n}\nconst own = 7;\n',
    )
    alone = subprocess.run(["node", main], text=True, capture_output=True, check=True).stdout
    assert run(join_modules([main])) == alone == "2 5 14\n"


def test_a_module_that_several_import_runs_once(write: Write) -> None:
    write(
        a='import { n } from "./c.js";\n',
        b='import { n } from "./c.js";\n',
        c='console.log("c");\nexport const n = 1;\n',
    )
    folder = write(d="").parent
    assert run(join_modules([folder / "a.js", folder / "b.js"])) == "c\n"


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({"a": 'import * as all from "./b.js";\n', "b": ""}, "a.js has 'import * as all from \"./b.js\";', which"),
        ({"a": "export default 3;\n"}, "a.js has 'export default 3;', which cannot be joined"),
        ({"a": 'const b = await import("./b.js");\n'}, r"a.js has 'import(', which cannot be joined"),
        ({"a": 'import { n } from "./b.js";\n', "b": "const n = 1;\n"}, "a.js imports 'n', which b.js does not export"),
        (
            {"a": 'import { n } from "./b.js";\n', "b": 'import { m } from "./a.js";\nexport const n = 1;\n'},
            "modules import each other: a.js -> b.js -> a.js",
        ),
    ],
)
def test_what_cannot_be_joined_is_told(write: Write, texts: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        join_modules([write(**texts)])


def test_what_widgets_share_can_be_joined() -> None:
    assert "startWidgets" in join_modules([WIDGETS / "page.js"])


def test_the_policy_allows_a_module_by_its_hash_alone() -> None:
    head = make_head(["a {}"], ["one();"], modules=["two();"], extra="; worker-src blob:")
    assert f"script-src {hash_source('one();')} {hash_source('two();')}; " in head.policy
    assert head.policy.endswith("; worker-src blob:")
    assert (head.scripts, head.modules) == (("one();",), ("two();",))
