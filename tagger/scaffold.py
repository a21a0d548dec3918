"""`tagger init`: a taxonomy and a labelled article to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from tagger.errors import TaggerError

#: Template -> the place it gets.
FILES = {"labels.yaml": "labels.yaml", "article.yaml": "seeds/en/first.yaml"}


def create(folder: str | Path) -> list[Path]:
    """Write the templates into a folder, which is made when missing, and return the files written.

    Raises:
        TaggerError: one of the files is there already (then nothing is written), or the folder cannot be written.

    """
    folder = Path(folder)
    targets = {name: folder / place for name, place in FILES.items()}
    for target in targets.values():
        if target.exists() or target.is_symlink():
            hint = "Choose another folder, or remove it first."
            raise TaggerError("is there already; nothing was written.", where=str(target), hint=hint)
    written: list[Path] = []
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            text = (resources.files("tagger") / "templates" / name).read_text(encoding="utf-8")
            with target.open("x", encoding="utf-8", newline="\n") as file:  # "x": never over another's file
                file.write(text)
            written.append(target)
    except OSError as error:
        where = str(error.filename or folder)
        raise TaggerError(f"cannot be written: {error.strerror or error}.", where=where) from None
    return written
