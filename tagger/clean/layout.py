"""Where the paragraphs of a plain text lie.

A paragraph is one non-empty line, or, in text that was wrapped at a fixed width, the lines that belong together.
"""

from __future__ import annotations

import re
from itertools import pairwise

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_FIRST_INVISIBLE = min(_INVISIBLE)
_WIDEST = 110  # no program wraps mail or text files wider
_NARROWEST = 30
_LEAST_PAIRS = 5  # lines that look wrapped before we believe it
_BREAK = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TERMINAL = frozenset(".!?…。！？:：;")
_CLOSING = "\"'”’»)]）」』】"


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, be it within quotation marks or brackets."""
    last = text[-1:]
    if last in _CLOSING:
        last = text[-12:].rstrip(_CLOSING)[-1:]
    return last in ".!?…。！？" and last != ""


def spans(text: str) -> list[tuple[int, int]]:
    """Return ``(start, end)`` of each paragraph, without the white space around it. Linear in the text."""
    lines: list[tuple[int, int]] = []
    position = 0
    longest = 0
    ends = "\r" in text  # else each line ends with one character
    for raw in text.splitlines(keepends=ends):
        body = raw.strip()
        if body:
            first = body[0]
            start = position if raw[0] == first else position + raw.index(first)
            size = len(body)
            if first >= _FIRST_INVISIBLE or body[-1] >= _FIRST_INVISIBLE:
                start, stop = _visible(start, body)
                size = stop - start
            if size:
                lines.append((start, start + size))
                longest = max(longest, size)
        position += len(raw) if ends else len(raw) + 1
    if longest > _WIDEST or longest < _NARROWEST or len(lines) <= _LEAST_PAIRS:
        return lines
    return _joined(text, lines)


def _visible(start: int, body: str) -> tuple[int, int]:
    """Return start and end of a line at ``start`` without zero-width characters and spaces, in any order."""
    left = 0
    right = len(body)
    if body[0] not in _INVISIBLE and body[-1] not in _INVISIBLE:
        return start, start + right
    while left < right and (body[left] in _INVISIBLE or body[left].isspace()):
        left += 1
    while right > left and (body[right - 1] in _INVISIBLE or body[right - 1].isspace()):
        right -= 1
    return start + left, start + right


def _joined(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the lines of hard-wrapped text; give other text back as it is.

    A program breaks a line where the next word would not have fitted. That nearly every line of a paragraph
    was broken so, and that half of them stop in mid sentence, is what separates wrapped text from short lines.
    """
    widths = sorted(end - start for start, end in lines)
    width = widths[int(0.97 * (len(widths) - 1))]
    pairs = full = open_ended = 0
    forced: list[bool] = []
    for (start, end), (start_next, end_next) in pairwise(lines):
        between = text[end:start_next]
        neighbours = len(_BREAK.findall(between.replace("\r\n", "\n"))) == 1
        fits = end - start + 1 + _first_word(text, start_next, end_next) <= width
        finished = text[end - 1] in _TERMINAL or ends_sentence(text[start:end])
        pairs += neighbours
        if neighbours and not fits:
            full += 1
            open_ended += not finished
        indented = neighbours and between[-1:] in " \t\u3000" and not between.endswith("\n")
        forced.append(neighbours and not indented and (not fits or (not finished and text[start_next].islower())))
    if full < _LEAST_PAIRS or full < 0.6 * pairs or open_ended < 0.5 * full:
        return lines
    result = [lines[0]]
    for (start, end), join in zip(lines[1:], forced, strict=True):
        if join:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def _first_word(text: str, start: int, end: int) -> int:
    """Length of the first word of a line; one character in scripts without spaces."""
    if text[start] >= "\u2e80":
        return 1
    space = text.find(" ", start, end)
    return (space if space >= 0 else end) - start
