"""What is fuzzed: seeds, and a function of bytes that may raise TaggerError and nothing else."""

from __future__ import annotations

import atexit
import functools
import gzip
import io
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

ARTICLE = """\
date 2025-03-04
Zarnow signs a loan

ZARNOW (VNA) - The port authority of Zarnow signed a loan of 40 million dollars with a bank on Monday.
The quay of Zarnow seen from the sea. (Photo: VNA)

Đoàn công tác của tỉnh đã gặp nhà đầu tư nước ngoài, hợp tác đào tạo nguồn nhân lực./.
Le préfet a reçu une délégation d’investisseurs — l’accord porte sur 12 millions d’euros.
越通社東京——投資家が新しい工場を建設する。写真:VNA
See more
Related: another story
"""


@dataclass(frozen=True)
class Target:
    """One thing to fuzz."""

    seeds: Callable[[], list[bytes]]
    prepare: Callable[[Path], Callable[[bytes], None]]


def _texts() -> list[bytes]:
    lines = ARTICLE.splitlines(keepends=True)
    long = [
        "a" * 20_000,
        " " * 20_000,
        "(" * 20_000,
        "\u0301" * 9_000,
        "A. " * 6_000,
        "(Photo: " * 2_000,
        "— " * 5_000,
        "Ảnh: " * 3_000,
    ]
    return [ARTICLE.encode(), *(line.encode() for line in lines), *(text.encode() for text in long)]


def _cleaning(_folder: Path) -> Callable[[bytes], None]:
    from tagger import language, paragraphs
    from tagger.normalise import alignment, analysed
    from tagger.records import Document

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        article = paragraphs.cut(Document("x", text))
        for p in article.paragraphs:
            if text[p.start : p.end] != p.text:
                raise AssertionError(f"offsets of paragraph {p.index}")
            line = paragraphs.scoring_text(p)
            seen = analysed(line)
            if analysed(seen) != seen:
                raise AssertionError("analysed is not idempotent")
            alignment(line)
        language.told(article, ("en", "fr", "vi", "ja"))

    return run


_SUFFIXES = [".txt", ".md", ".html", ".jsonl", ".csv", ".tsv", ".pdf", ".docx", ".txt.gz", ".jsonl.zst"]


def _files() -> list[bytes]:
    """Seeds whose first byte chooses the suffix."""
    docx = io.BytesIO()
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document><w:p><w:t>words</w:t></w:p></w:document>")
    html = "<html lang=en><head><title>T</title><meta charset=utf-8></head><body><article><p>"
    html += f"{ARTICLE}</p></article></body></html>"
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj "
    pdf += b"4 0 obj<</Length 30>>stream\nBT (words) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    bodies = [
        ARTICLE.encode(),
        ARTICLE.encode("utf-16"),
        html.encode(),
        json.dumps({"id": 1, "text": ARTICLE}).encode() + b'\n{"text": 3}\n',
        f'id,text,title\n1,"{ARTICLE}",T\n'.encode(),
        f"id\ttext\n1\t{ARTICLE[:20]}\n".encode(),
        pdf,
        docx.getvalue(),
        gzip.compress(ARTICLE.encode(), mtime=0),
        ARTICLE.encode("cp1258", "replace"),
    ]
    return [bytes([i]) + body for i, body in enumerate(bodies)]


def _readers(folder: Path) -> Callable[[bytes], None]:
    from tagger import readers

    def run(data: bytes) -> None:
        path = folder / f"input{_SUFFIXES[data[0] % len(_SUFFIXES) if data else 0]}"
        path.write_bytes(data[1:])
        for item in readers.items(path, max_bytes=300_000, time_limit=4.0):
            str(item)

    return run


def _taxonomy(folder: Path) -> Callable[[bytes], None]:
    from tagger import terms
    from tagger.taxonomy import Taxonomy

    def run(data: bytes) -> None:
        path = folder / "labels.yaml"
        path.write_bytes(data)
        table = terms.expand(Taxonomy.load(path))
        terms.hits(table, ARTICLE)

    return run


def _taxonomies() -> list[bytes]:
    small = b"""version: 1
labels:
  - id: sport
    name: {en: Sport, fr: Sport}
    definition: Games.
    counts: matches
    excludes: fashion
    terms: {en: [match, goal keeper], vi: [b\xc3\xb3ng \xc4\x91\xc3\xa1], ja: ["\xe9\x87\x8e\xe7\x90\x83"]}
    stop_terms: {en: [match box]}
    parent: null
  - id: football
    name: {en: Football}
    definition: A game.
    parent: sport
"""
    return [small, (ROOT / "labels.yaml").read_bytes()[:3000], small.replace(b"parent: sport", b"parent: football")]


def _corpora(folder: Path) -> Callable[[bytes], None]:
    from tagger import corpora

    def run(data: bytes) -> None:
        suffix = [".yaml", ".jsonl", ".csv", ".tsv"][data[0] % 4 if data else 0]
        path = folder / f"corpus{suffix}"
        path.write_bytes(data[1:])
        problems: list[Exception] = []
        list(corpora.read(path, problems.append))

    return run


def _corpus_files() -> list[bytes]:
    yaml = b"title: T\nlang: en\ngenre: feature\nlabels: [sport]\nparagraphs:\n  - text: >-\n      A match.\n"
    yaml += b"    labels: [sport]\n  - text: x\n    labels: []\n"
    lines = b'{"text": "A match", "labels": ["sport"]}\n{"paragraphs": [{"text": "x", "labels": []}], "labels": []}\n'
    return [b"\0" + yaml, b"\1" + lines, b"\2text,labels\nA match,sport;x\n", b"\3text\tlabels\nA match\tsport\n"]


_MODEL_FILES = ["manifest.json", "scoring.json", "arrays.bin", "taxonomy.json", "terms.json", "vocabulary.txt"]


@functools.cache
def _model() -> Path:
    """Train a model of two labels, the same every time."""
    from tagger import store, terms
    from tagger.estimator import TopicClassifier
    from tagger.taxonomy import Taxonomy

    folder = Path(tempfile.mkdtemp(prefix="fuzz-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "labels.yaml").write_bytes(_taxonomies()[0])
    taxonomy = Taxonomy.load(folder / "labels.yaml")
    texts = [
        f"The {what} of team {i} was a {how} one."
        for i in range(8)
        for what, how in (("match", "long"), ("vote", "short"))
    ]
    labels = [["sport"], []] * 8
    fitted = TopicClassifier(terms=terms.expand(taxonomy), labels=list(taxonomy.ids), fast=True, C=1.0, threads=1).fit(
        texts, labels
    )
    store.save(store.pack(fitted.linear_, taxonomy=taxonomy, languages=("en",), name="tiny"), folder / "model")
    return folder / "model"


def _models() -> list[bytes]:
    """Seeds: the number of a file, and its bytes (the long ones cut)."""
    folder = _model()
    return [
        bytes([i]) + (folder / name).read_bytes()[:150_000]
        for i, name in enumerate(_MODEL_FILES)
        if (folder / name).exists()
    ]


def _loading(folder: Path) -> Callable[[bytes], None]:
    """Replace the beginning of one file of a model; half the time mend the digests, to reach what is behind."""
    import hashlib

    from tagger.records import Document
    from tagger.store.reading import model_digest
    from tagger.tag import Tagger

    good = _model()
    copy = folder / "model"

    def run(data: bytes) -> None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(good, copy)
        name = _MODEL_FILES[data[0] % len(_MODEL_FILES) if data else 0]
        if not (copy / name).exists():
            return
        whole = (copy / name).read_bytes()
        changed = data[1:] + (whole[150_000:] if len(whole) > 150_000 else b"")
        (copy / name).write_bytes(changed)
        if name != "manifest.json" and len(data) % 2:
            manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
            manifest["files"][name] |= {"sha256": hashlib.sha256(changed).hexdigest(), "bytes": len(changed)}
            manifest["digest"] = model_digest(manifest["files"])
            (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        tagger = Tagger.load(copy)
        for tagged in tagger.tag([Document("x", ARTICLE)], explain=True):
            str(tagged)

    return run


def _arguments() -> list[bytes]:
    calls = [
        ["tag", "a.txt"],
        ["tag", "in", "-o", "out.jsonl", "-j", "1"],
        ["tag", "a.txt", "--format", "json", "--explain"],
        ["tag", "-", "--model", "none"],
        ["check", "in", "--labels", "labels.yaml"],
        ["init", "new"],
        ["model", "list"],
        ["model", "show", "x"],
        ["model", "diff", "a", "b"],
        ["eval", "--data", "in", "--fail-under", "micro=0.5"],
        ["--version", "-v"],
        [
            "tag",
            "in",
            "-o",
            "out.jsonl.gz",
            "--shard-size",
            "2",
            "--glob",
            "*.txt",
            "--exclude",
            "b*",
            "--engine",
            "here",
        ],
    ]
    return ["\0".join(call).encode() for call in calls]


def _command_line(folder: Path) -> Callable[[bytes], None]:
    import sys

    from tagger import cli

    (folder / "in").mkdir()
    (folder / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "in/a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "labels.yaml").write_bytes(_taxonomies()[0])
    sys.stdin.close()

    def run(data: bytes) -> None:
        import os

        arguments = [part.decode("utf-8", "surrogateescape") for part in data.split(b"\0")]
        if any(a.startswith(("/", "~")) or ".." in a or a in ("train", "eval") for a in arguments):
            return  # stay in the folder, and out of the minutes that learning takes
        os.chdir(folder)
        sys.stdin = io.TextIOWrapper(io.BytesIO(ARTICLE.encode()))
        sys.argv = ["tagger", *arguments]
        try:
            cli.main()
        except SystemExit as stop:
            if stop.code not in (0, 1, 2, 3, None):
                raise AssertionError(f"exit status {stop.code}") from None

    return run


TARGETS = {
    "cleaning": Target(_texts, _cleaning),
    "readers": Target(_files, _readers),
    "taxonomy": Target(_taxonomies, _taxonomy),
    "corpora": Target(_corpus_files, _corpora),
    "model": Target(_models, _loading),
    "arguments": Target(_arguments, _command_line),
}
