"""Keeps compiled templates between builds, each in a sealed file: damaged bytecode would be run as it is."""

import contextlib
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from generator.disk import CACHE_ERRORS, installed_version, read_sealed, write_sealed
from generator.roots import CACHE_HOME

TEMPLATE_CACHE: Final = CACHE_HOME / ".lectern" / "cache" / "templates"


class CompiledTemplates(BytecodeCache):
    """The compiled templates in a folder; Jinja compares the text of each, so an edited template is compiled again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, bucket: Bucket) -> Path:
        """Return the path of a compiled template: another version of Jinja may compile it otherwise."""
        return self.folder / f"{bucket.key}-{installed_version('jinja2')}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` with the compiled template; leave it empty if there is none that can be trusted."""
        with contextlib.suppress(*CACHE_ERRORS):
            bucket.bytecode_from_string(read_sealed(self.path(bucket)))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the compiled template in `bucket`; a disk error is ignored."""
        write_sealed(self.path(bucket), bucket.bytecode_to_string())


@cache
def compiled_templates() -> CompiledTemplates:
    """Return the cache of the compiled templates of all pages."""
    return CompiledTemplates(TEMPLATE_CACHE)
