"""A tagger that needs no model: words are labels, and some texts misbehave. It stands in for ``tagger.tag``."""

from __future__ import annotations

import os
import signal
import time

from tagger import jsonl
from tagger.records import Article, Paragraph, Tag, TaggedArticle, TaggedParagraph


def line(tagged, model):
    """Return the line of an article, cut down."""
    document = tagged.article.document
    told = {
        "schema": 1,
        "id": document.id,
        "path": document.path,
        "sha256": document.sha256,
        "lang": tagged.article.lang,
    }
    told |= {"tags": [{"label": tag.label, "score": tag.score} for tag in tagged.tags], "model": model}
    return jsonl.line(told)


class Tagger:
    """Has the face of ``tagger.tag.Tagger``."""

    languages = ("en",)

    def __init__(self, name: str) -> None:
        self.identity = {"name": name, "digest": f"digest of {name}"}

    @classmethod
    def load(cls, model=None):
        """Return a tagger; its "digest" is made of its name."""
        return cls(str(model or "fake"))

    def tag(self, documents, *, explain=False, all_scores=False):
        """Tag with the first word of the text; obey the texts that ask for trouble."""
        for document in documents:
            text = document.text
            if "RAISE" in text:
                raise ValueError("asked for\nit")
            if "DIE" in text:
                os.kill(os.getpid(), signal.SIGSEGV)
            if "EXIT" in text:
                os._exit(7)
            if "SLEEP" in text:
                time.sleep(60)
            if "MEMORY" in text:
                bytearray(1 << 40)
            if "SLOW" in text:
                time.sleep(0.01)
            paragraph = Paragraph(0, "body", 0, len(text), text)
            tags = (Tag((text.split() or ["none"])[0].lower(), 0.5),)
            article = Article(document, (paragraph,), lang="de" if "GERMAN" in text else "en")
            yield TaggedArticle(article, tags, (TaggedParagraph(paragraph, tags),), lang_seen="GERMAN" not in text)
