"""How to run a batch, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.batch.units import Result


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How to run a batch."""

    model: str | None = None
    jobs: int = 0  # worker processes; 0: one a core
    glob: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    text_field: str = "text"
    max_bytes: int = 20_000_000
    explain: bool = False
    all_scores: bool = False
    shard_size: int = 0  # articles a shard; 0: one file
    restart: bool = False
    engine: str | None = None  # dask://HOST:PORT; processes (default), threads, here
    time_limit: float = 30.0  # seconds a file
    module: str = "tagger.tag"


@dataclass(slots=True)
class BatchSummary:
    """What a batch did."""

    done: int = 0  # articles tagged, those of earlier runs included
    failed_by_code: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)  # error code -> the first of this run, with its path
    unseen: dict[str, int] = field(default_factory=dict)  # language the model has not learned -> articles
    resumed: int = 0  # lines that an earlier run had written
    seconds: float = 0.0

    @property
    def failed(self) -> int:
        """How many inputs gave an error row."""
        return sum(self.failed_by_code.values())

    def line(self) -> str:
        """Return the summary in a line, with one more for each kind of failure and for languages not learned."""
        rate = (self.done + self.failed - self.resumed) / self.seconds if self.seconds else 0.0
        told = f"{self.done:,} tagged in {self.seconds:,.1f} s ({rate:,.0f}/s)"
        if self.resumed:
            told += f", {self.resumed:,} lines of them by the run before"
        if self.failed:
            codes = sorted(self.failed_by_code.items(), key=lambda item: (-item[1], item[0]))
            told += f"; {self.failed:,} failed: " + ", ".join(f"{number:,} {code}" for code, number in codes)
        for code, example in sorted(self.examples.items()):
            told += f"\n{code}, as in {example}"
        if self.unseen:
            langs = ", ".join(f"{lang} ({number:,})" for lang, number in sorted(self.unseen.items()))
            told += f"\nlanguages the model has not learned: {langs}"
        return told

    def add(self, result: Result) -> None:
        """Count a part."""
        self.examples = result.examples | self.examples
        self.done += result.count - sum(result.failed.values())
        for mine, theirs in ((self.failed_by_code, result.failed), (self.unseen, result.unseen)):
            for key, number in theirs.items():
                mine[key] = mine.get(key, 0) + number
