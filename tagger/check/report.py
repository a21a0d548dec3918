"""What `tagger check` found, for people and for machines."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tagger.check.counts import Counts

Severity = Literal["error", "warning", "info"]
_RANK = {"error": 0, "warning": 1, "info": 2}
#: Findings of one code that the table for people lists; JSON has them all.
_LISTED = {"error": 50, "warning": 20, "info": 8}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to look at."""

    code: str
    severity: Severity
    where: str  # path:line, or a path, or ""
    message: str

    def order(self) -> tuple[int, str, list[tuple[int, str]], str]:
        """Return the key to sort by: severity, code, place (line 9 before line 10)."""
        parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", self.where)]
        return _RANK[self.severity], self.code, parts, self.message

    def line(self) -> str:
        """Return the finding as one line."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code} {self.severity}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Counts and findings, errors first."""

    counts: Counts
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make training refuse or contradict each other."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that cost quality."""
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "schema": 1,
            "ok": not self.errors,
            "counts": self.counts.to_json(),
            "findings": [asdict(finding) for finding in self.findings],
        }

    def as_json(self) -> str:
        """Return JSON text."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=2)

    def table(self) -> str:
        """Return the text for people: counts, then findings; the first few of one code."""
        lines = [*self.counts.lines(), ""]
        shown: dict[str, int] = {}
        more: dict[str, int] = {}
        for finding in self.findings:
            shown[finding.code] = shown.get(finding.code, 0) + 1
            if shown[finding.code] <= _LISTED[finding.severity]:
                lines.append(finding.line())
            else:
                more[finding.code] = more.get(finding.code, 0) + 1
        if more:
            numbers = ", ".join(f"{number} of {code}" for code, number in more.items())
            lines.append(f"And more, which --json lists: {numbers}.")
        infos = len(self.findings) - len(self.errors) - len(self.warnings)
        errors, warnings = _count(len(self.errors), "error"), _count(len(self.warnings), "warning")
        lines.append(f"{errors}, {warnings}, {infos} to look at.")
        return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
