"""The report of a build: what was found wrong, what was written, and how a person is told."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator import fresh
from generator.errors import LectureError, SourceError, Where


@dataclass(slots=True)
class Report:
    """What a build has to say at its end; `read`: the state of the files that lectures name, when it planned."""

    errors: list[LectureError] = field(default_factory=list)
    warnings: list[LectureError] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    read: fresh.State = field(default_factory=dict)


def disk_error(error: OSError, folder: str) -> SourceError:
    """Return, for a person, why a file could not be read or written."""
    name = os.path.relpath(str(error.filename), folder) if error.filename else "a file of the build"
    return SourceError(f"{name}: {error.strerror or error}", hint="is the disk full, or a folder not yours to write?")


def tell(report: Report, products: Sequence[str], seconds: float) -> int:
    """Print the end of a build and return its exit code."""
    errors = sorted(report.errors, key=lambda error: (error.where or Where(""), error.problem))
    unique = list(dict.fromkeys(str(error) for error in errors))
    for warning in report.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    for text in unique:
        sys.stderr.write(f"{text}\n")
    if unique:
        sys.stderr.write(f"{len(unique)} error{'s' * (len(unique) > 1)}; the last good pages are untouched\n")
        return 1
    for path in report.removed:
        sys.stdout.write(f"removed {os.path.relpath(path)}: it showed older pages\n")
    for path in report.written:
        sys.stdout.write(f"wrote {os.path.relpath(path)}\n")
    if not report.written:
        sys.stdout.write(f"Nothing to do: {', '.join(products)} up to date.\n")
    sys.stdout.write(f"built in {seconds:.1f} s\n")
    return 0
