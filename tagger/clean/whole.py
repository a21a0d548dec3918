"""Rules that look at the page as a whole: menus, tails, repetitions, the title and the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.clean.captions import file_name
from tagger.clean.layout import ends_sentence
from tagger.clean.lines import is_names
from tagger.clean.page import folded, is_dense
from tagger.clean.words import MENU_WORDS, TAIL_MARKERS, bare

if TYPE_CHECKING:
    from tagger.clean.page import Line, Page

_SHINGLE = 12
_HEAD = 16  # letters of a line that are compared before all of it is
_FAR = 20_000  # characters below the lead in which the body repeats it
_LONGEST_TITLE = 200
_LONGEST_ENTRY = 25  # of a menu
_LONGEST_MARKER = 60  # "See more"
_ENDINGS = frozenset(".!?…。！？:：;；\"'”’»)]）」』】")


def repeated_caption(page: Page) -> None:
    """Know the copy of a caption, often without its credit, and the line after a picture's file name."""
    lines = page.lines
    captions = [line for line in lines if line.kind == "caption"]
    if not captions:
        return
    texts = {line.text for line in captions}
    for index, line in enumerate(lines):
        if line.kind is None and line.text in texts:
            line.kind = "caption"
        if line.kind != "caption":
            continue
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        for other in (before, after):
            if other is not None and other is not lines[0] and other.kind is None and 12 <= len(other.text) <= 300:
                start = other.text.rstrip(" .。")
                if len(start) >= 12 and line.text.startswith(start):
                    other.kind = "caption"
        if after is None or after.kind is not None or len(after.text) > 160 or ends_sentence(after.text):
            continue
        if file_name(line.text, folded(line.text)):
            after.kind = "caption"


def menu_run(page: Page) -> None:
    """Take three very short lines in a row for a menu, above or below the story; within it, four with a known word."""
    lines = page.lines
    if len([line for line in lines if len(line.text) <= _LONGEST_ENTRY]) < 3:
        return
    start = 0
    story = [index for index, line in enumerate(lines) if line.kind is None and line.long]
    head, tail = (story[0], story[-1]) if story else (len(lines), -1)
    titled = False  # whether a line above may be the title
    while start < len(lines):
        stop = start
        known = 0
        while stop < len(lines) and _menu_like(lines[stop]):
            known += lines[stop].kind == "navigation"
            stop += 1
        run = lines[start:stop]
        if start == 0 and run and run[0].kind is None and bare(run[0].text) not in MENU_WORDS:
            run = run[1:]  # the page's first line is its title
        elif run and stop == head and run[-1].kind is None and known and not titled:
            run = run[:-1]  # so is what stands between a menu and the story
        titled = titled or any(line.kind is None for line in lines[start : stop + 1])
        outside = stop <= head or start > tail
        if story and len(run) >= (3 if outside else 4) and (outside or known):
            for line in run:
                if line.kind is None:
                    line.kind = "navigation"
        start = max(stop, start + 1)


def _menu_like(line: Line) -> bool:
    text = line.text
    if line.kind == "navigation":
        return True
    if line.kind is not None or len(text) > _LONGEST_ENTRY:
        return False
    if text[0] >= "\u2e80":
        return len(text) <= 8 and not ends_sentence(text)
    return text.count(" ") <= 2 and text[-1] not in '.!?:;,"”»)' and text[0] not in "-•*–"


def author(page: Page) -> None:
    """Know the writer's name alone on the last line of the story."""
    last = next((line for line in reversed(page.lines) if line.kind is None), None)
    if last is None or len(last.text) > 40 or last is page.lines[0] or last.text[-1] in ".!?":
        return
    before = page.lines[page.lines.index(last) - 1]
    if before.kind is None and ends_sentence(before.text) and 1 <= last.text.count(" ") <= 3 and is_names(last.text):
        last.kind = "credit"
        last.signed = True


def tail(page: Page) -> None:
    """Leave out the articles announced by ``See more``, ``Voir plus``, ``Xem thêm``, ``関連記事``.

    Unless the story goes on: a long paragraph with another sentence below it is no list of teasers, and a text is
    signed at its end.
    """
    lines = page.lines
    if not any(_announces_others(line) for line in lines if len(line.text) <= _LONGEST_MARKER):
        return
    index = 0
    before = 0  # characters of the story so far
    signed = False
    while index < len(lines):
        line = lines[index]
        index += 1
        signed = signed or line.signed
        if len(line.text) > _LONGEST_MARKER or not _announces_others(line):
            before += len(line.text) if line.kind is None else 0
            continue
        line.kind = "navigation"
        if before < (80 if index > 1 and is_dense(lines[index - 2].text) else 150):
            continue  # a menu's
        stop = len(lines) if signed else _resumes(lines, index)
        for other in lines[index:stop]:
            if other.kind is None:
                other.kind = "teaser"
        index = stop


def _announces_others(line: Line) -> bool:
    return line.kind not in ("title", "caption") and bare(line.text) in TAIL_MARKERS


def _resumes(lines: list[Line], start: int) -> int:
    """Index from which the story goes on, or ``len(lines)``."""
    previous = False
    for index in range(start, len(lines)):
        line = lines[index]
        sentence = line.kind is None and ends_sentence(line.text) and line.text[-1] not in "?!"
        if line.signed and line.kind is None and line.long:
            return index - 1 if previous else index
        if sentence and previous:
            return index - 1
        previous = sentence and line.long
    return len(lines)


def after_sign_off(page: Page) -> None:
    """Leave out what follows the sign-off in the last half of the page, unless a story goes on there."""
    lines = page.lines
    last = -1
    for index, line in enumerate(lines):
        if line.signed and line.kind not in ("teaser", "caption"):
            last = index
    if last < 0 or last == len(lines) - 1:
        return
    before = sum(len(line.text) for line in lines[: last + 1] if line.kind is None)
    after = sum(len(line.text) for line in lines[last + 1 :] if line.kind is None)
    if not after or after > before:
        return
    for line in lines[last + 1 : _resumes(lines, last + 1)]:
        if line.kind is None:
            line.kind = "teaser"


def title(page: Page) -> None:
    """Take a first line without final punctuation for the title, or what the format says it is."""
    declared = page.metadata_title
    first = True
    for line in page.lines:
        if line.kind is not None:
            continue
        if (declared and line.text == declared) or (first and not declared and _is_title(page, line)):
            line.kind = "title"
        if not first and not declared:
            return
        first = False


def _is_title(page: Page, line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST_TITLE or (is_dense(text) and len(text) > 100) or line.signed:
        return False
    if line is page.first and (page.place or page.agency):
        return False
    if not ends_sentence(text):
        return text[-1] not in ":;,：；、，"
    return text.rstrip("\"'”’»」』")[-1:] in "?!？！" and len(text) <= 120 and len(page.lines) > 1


def duplicate(page: Page) -> None:
    """Let a line that was there before count once; the title's copy is a title."""
    seen: dict[str, Line] = {}
    open_lines = [line for line in page.lines if line.kind is None or line.kind in ("title", "lead")]
    # What is alike begins alike: mostly the first letters tell that nothing is.
    if len({line.text[:_HEAD].casefold()[:_HEAD] for line in open_lines}) == len(open_lines):
        return
    for line in open_lines:
        text = line.text
        # Only titles come in two cases; folding the rest would be the slowest step of all.
        first = seen.setdefault(text if len(text) > _LONGEST_TITLE else text.casefold(), line)
        if first is not line:
            line.counts = False
            if first.kind == "title":
                line.kind = "title"


def lead(page: Page) -> None:
    """Find the summary between title and story; where the body repeats it, it does not count twice."""
    open_lines = [line for line in page.lines if line.kind is None and line.counts]
    if len(open_lines) < 2:
        return
    for index, line in enumerate(open_lines[:2]):
        if line is page.first and (page.place or page.agency):
            break
        if index and len(open_lines[0].text) > _LONGEST_TITLE:
            break
        there = _most_alike(page.text, line, open_lines[index + 1 :])
        if there is not None and _repeated(line.text, there.text):
            line.kind = "lead"
            line.counts = False
            return
    declared = page.metadata_lead
    line = open_lines[0]
    if (declared and line.text == declared) or _set_apart(page, line):
        line.kind = "lead"


def _set_apart(page: Page, line: Line) -> bool:
    """Whether the line stands alone between the title and a caption, a credit or the dateline."""
    if len(line.text) > 250 or (line is page.first and (page.place or page.agency)):
        return False
    position = page.lines.index(line)
    if position == 0 or page.lines[position - 1].kind not in ("title", "credit", "navigation"):
        return False
    if not any(before.kind == "title" for before in page.lines[:position]) or position + 2 >= len(page.lines):
        return False
    following = page.lines[position + 1]
    return following.kind in ("caption", "credit") or following is page.first


def _most_alike(text: str, line: Line, others: list[Line]) -> Line | None:
    """Return the later line that holds most samples of this one: costs next to nothing, and is nearly always None."""
    size = len(line.text)
    if size < 24 or size > 1000:
        return None
    samples = range(line.start, line.end - _SHINGLE + 1, max(1, (size - _SHINGLE) // 6))
    places: list[int] = []
    missed = 0
    for at in samples:
        place = text.find(text[at : at + _SHINGLE], line.end, line.end + _FAR)
        if place >= 0:
            places.append(place)
        else:
            missed += 1
            if 4 * missed > 3 * len(samples):
                return None
    return max(others[:100], key=lambda other: sum(other.start <= place < other.end for place in places), default=None)


def _repeated(text: str, other: str) -> bool:
    """Whether another text holds half of this one's shingles (12 letters or digits)."""
    wanted = _squeezed(text)
    there = _squeezed(other)
    shingles = [wanted[at : at + _SHINGLE] for at in range(len(wanted) - _SHINGLE + 1)]
    return bool(shingles) and 2 * sum(shingle in there for shingle in shingles) >= len(shingles)


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text[:5000].casefold()))


def truncated(page: Page) -> None:
    """Flag long paragraphs that stop in mid sentence: they were cut off where the page was saved."""
    for line in page.lines:
        text = line.text
        if (
            text[-1] not in _ENDINGS
            and line.kind is None
            and not line.signed
            and (len(text) >= 120 or (len(text) >= 50 and is_dense(text)))
        ):
            line.truncated = True
