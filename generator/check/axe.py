"""axe-core, which judges a page in a browser against WCAG 2.2 A and AA."""

from pathlib import Path
from typing import Final

from generator.check.chromium import Visit
from generator.check.finding import Finding

PROGRAM: Final = Path("node_modules/axe-core/axe.min.js")


def read_axe(project: Path) -> str:
    """Return the text of axe-core; nothing when it is not installed."""
    path = project / PROGRAM
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def find_barriers(visit: Visit, *, is_whole: bool) -> list[Finding]:
    """Return a finding for each rule that the page breaks, or the slide that is shown."""
    findings = []
    for broken in visit.run("axe.js", is_whole):
        more = f" and {broken['count'] - 1} more" if broken["count"] > 1 else ""
        problem = f"axe '{broken['rule']}': {broken['html']}{more}"
        findings.append(visit.page.blame(visit.place_at(broken["place"]) or visit.place, problem, broken["help"]))
    return findings
