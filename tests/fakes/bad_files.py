"""Thirty kinds of bad file, each of which gives exactly one error row: name -> (code, how it is made)."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import random
import socket
import zipfile
from pathlib import Path

import zstandard

#: Small, so that the fixture is: pass ``max_bytes=MAX_BYTES`` to the batch.
MAX_BYTES = 200_000

_RANDOM = random.Random(20).randbytes(5000)


def _zip(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", ".", 1), data)
    return target.getvalue()


#: Name -> (code, bytes).
FILES: dict[str, tuple[str, bytes]] = {
    "empty.txt": ("empty", b""),
    "blank.txt": ("empty", b" \n\t\r\n \n"),
    "nul-bytes.txt": ("binary", b"some words\0\0\0 and zeros"),
    "random-bytes.txt": ("binary", _RANDOM),
    "control-characters.txt": ("binary", b"\x01\x02\x03\x04 words \x05\x06" * 50),
    "picture.txt": ("binary", b"\x89PNG\r\n\x1a\n" + _RANDOM[:500]),
    "photo.md": ("binary", b"\xff\xd8\xff\xe0" + _RANDOM[:500]),
    "document.txt": ("binary", b"%PDF-1.4 pretends to be text"),
    "archive.txt": ("binary", _zip(a_txt=b"words")),
    "program.txt": ("binary", b"\x7fELF\x02\x01\x01" + _RANDOM[:500]),
    "pickle.txt": ("binary", pickle.dumps(["words"] * 3, protocol=4)),
    "gzip-inside.txt": ("binary", gzip.compress(b"words", mtime=0)),
    "utf-16-cut.txt": ("encoding", b"\xff\xfe" + "words and more".encode("utf-16-le")[:-1]),
    "utf-8-mark-but-not-utf-8.txt": ("encoding", b"\xef\xbb\xbfwords \xff\xfe\xfa"),
    "too-large.txt": ("too-large", b"words and " * 30_000),
    "too-many-lines.txt": ("too-large", b"\n" * 150_000 + b"words"),
    "bomb.txt.gz": ("too-large", gzip.compress(b"a" * 20_000_000, mtime=0)),
    "cut.txt.gz": ("format", gzip.compress(_RANDOM, mtime=0)[:-900]),
    "no-gzip.txt.gz": ("format", b"these are plain words"),
    "cut.txt.zst": ("format", zstandard.compress(_RANDOM)[:-900]),
    "empty.html": ("empty", b""),
    "no-article.html": ("empty", b"<html><head><title></title></head><body><nav></nav></body></html>"),
    "picture.html": ("binary", b"GIF89a" + _RANDOM[:500]),
    "broken.pdf": ("parse", b"%PDF-1.7\n" + _RANDOM),
    "not-a-zip.docx": ("parse", b"these are plain words"),
    "empty-archive.docx": ("parse", _zip(other_txt=b"words")),
    "nonsense.jsonl": ("format", b'{"text": "words"\n'),
    "no-text-field.jsonl": ("format", b'{"body": "words"}\n'),
}


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


#: Name -> (code, function): what is no regular file.
OTHERS = {
    "pipe.txt": ("unreadable", _fifo),
    "socket.txt": ("unreadable", _socket),
    "dangling.txt": ("missing", lambda path: path.symlink_to("nowhere.txt")),
    "itself.txt": ("link-loop", lambda path: path.symlink_to(path.name)),
    "above": ("link-loop", lambda path: path.symlink_to("..", target_is_directory=True)),
}


def make(folder: Path) -> dict[str, str]:
    """Make the files and return name -> expected code."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_, data) in FILES.items():
        (folder / name).write_bytes(data)
    for name, (_, build) in OTHERS.items():
        build(folder / name)
    return {name: code for name, (code, _) in (FILES | OTHERS).items()}
