"""A tagged article as it is written: a record, and the record's line (schemas/line.schema.json).

`line` says what ``jsonl.line(record(...))`` says, byte for byte, without the dictionaries in between, in two thirds of
the time. Whatever is rare (explanations, all scores) it leaves to the encoder.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite
from typing import TYPE_CHECKING, Any

from tagger import jsonl

if TYPE_CHECKING:
    from tagger.records import Tag, TaggedArticle, TaggedParagraph

#: Version of the JSON line.
SCHEMA = 1

_quoted = encode_basestring  # what jsonl's encoder calls for each string


def line(tagged: TaggedArticle, model: dict[str, str]) -> bytes:
    """Return the JSON line of a tagged article, as bytes.

    Raises:
        TaggerError: a score is not finite.

    """
    article = tagged.article
    document = article.document
    parts = [f'{{"schema":{SCHEMA},"id":{_quoted(document.id)}']
    if document.path is not None:
        parts.append(f',"path":{_quoted(document.path)}')
    parts.append(f',"sha256":{_quoted(document.sha256)},"lang":{_quoted(article.lang)}')
    if not tagged.lang_seen:
        parts.append(',"lang_seen":false')
    parts.append(f',"title":{_optional(article.title)}')
    if article.dateline is not None:
        told = article.dateline
        parts.append(
            f',"dateline":{{"place":{_optional(told.place)},"agency":{_optional(told.agency)},"date":{_optional(told.date)}}}'
        )
    if document.converted:
        parts.append(f',"text":{_quoted(document.text)}')
    if tagged.abstained:
        parts.append(',"abstained":true')
    parts.append(f',"tags":{_tags_line(tagged.tags)}{_scores_line(tagged.scores)},"paragraphs":[')
    parts.append(",".join([_paragraph_line(p) for p in tagged.paragraphs]))
    parts.append(f'],"model":{jsonl.text(model)}}}\n')
    return jsonl.encoded("".join(parts))


def _paragraph_line(tagged: TaggedParagraph) -> str:
    source = tagged.paragraph
    flags = "" if source.counts and not source.truncated and not tagged.abstained else _flags_line(tagged)
    return (
        f'{{"index":{source.index},"kind":"{source.kind}","start":{source.start},"end":{source.end},'
        f'"text":{_quoted(source.text)}{flags},"tags":{_tags_line(tagged.tags)}{_scores_line(tagged.scores)}}}'
    )


def _flags_line(tagged: TaggedParagraph) -> str:
    source = tagged.paragraph
    truncated = ',"truncated":true' if source.truncated else ""
    counts = "" if source.counts else ',"counts":false'
    return truncated + counts + (',"abstained":true' if tagged.abstained else "")


def _tags_line(tags: tuple[Tag, ...]) -> str:
    if not tags:
        return "[]"
    told = []
    for label, score, evidence in tags:
        if evidence or not isfinite(score):
            return jsonl.text([_tag(tag) for tag in tags])
        told.append(f'{{"label":{_quoted(label)},"score":{round(score, 6)}}}')
    return f"[{','.join(told)}]"


def _scores_line(scores: tuple[float, ...]) -> str:
    return f',"scores":{jsonl.text([round(s, 6) for s in scores])}' if scores else ""


def _optional(text: str | None) -> str:
    return "null" if text is None else _quoted(text)


def record(tagged: TaggedArticle, model: dict[str, str]) -> dict[str, Any]:
    """Return the JSON line of a tagged article (schemas/line.schema.json)."""
    article = tagged.article
    document = article.document
    line: dict[str, Any] = {"schema": SCHEMA, "id": document.id}
    if document.path is not None:
        line["path"] = document.path
    line |= {"sha256": document.sha256, "lang": article.lang}
    if not tagged.lang_seen:
        line["lang_seen"] = False
    line["title"] = article.title
    if article.dateline is not None:
        dateline = article.dateline
        line["dateline"] = {"place": dateline.place, "agency": dateline.agency, "date": dateline.date}
    if document.converted:
        line["text"] = document.text  # the offsets are into this
    if tagged.abstained:
        line["abstained"] = True
    line["tags"] = [_tag(tag) for tag in tagged.tags]
    if tagged.scores:
        line["scores"] = [round(s, 6) for s in tagged.scores]
    line["paragraphs"] = [_paragraph(p) for p in tagged.paragraphs]
    line["model"] = model
    return line


def _paragraph(tagged: TaggedParagraph) -> dict[str, Any]:
    source = tagged.paragraph
    line: dict[str, Any] = {
        "index": source.index, "kind": source.kind, "start": source.start, "end": source.end, "text": source.text,
    }  # fmt: skip
    if source.truncated:
        line["truncated"] = True
    if not source.counts:
        line["counts"] = False
    if tagged.abstained:
        line["abstained"] = True
    line["tags"] = [_tag(tag) for tag in tagged.tags]
    if tagged.scores:
        line["scores"] = [round(s, 6) for s in tagged.scores]
    return line


def _tag(tag: Tag) -> dict[str, Any]:
    line: dict[str, Any] = {"label": tag.label, "score": round(tag.score, 6)}
    if tag.evidence:
        line["evidence"] = [
            {"text": e.text, "start": e.start, "end": e.end, "weight": round(e.weight, 6), "source": e.source}
            for e in tag.evidence
        ]
    return line
