"""``labels.yaml`` -> Taxonomy: the topics, their definitions and their seed terms."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.errors import TaxonomyError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)?\Z")
_TOP_KEYS = ("version", "labels")
_LABEL_KEYS = ("id", "name", "definition", "counts", "excludes", "terms", "stop_terms", "parent")
_NEWEST_VERSION = 1
_LONGEST_TERM = 200  # characters; matching looks that far ahead at every position
_DEEPEST = 6  # the file, labels, one of them, its terms, a language, one term: five
_NULL = "tag:yaml.org,2002:null"
_Node = Any  # a node of PyYAML, whose stubs lack "id"; importing yaml here would slow tagging


@dataclass(frozen=True, slots=True)
class Label:
    """A topic."""

    id: str
    name: dict[str, str] = field(default_factory=dict)
    definition: str = ""
    counts: str = ""
    excludes: str = ""
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stop_terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The labels in their order, which is the order of the columns of every matrix."""

    labels: tuple[Label, ...]
    version: int = 1

    @property
    def ids(self) -> tuple[str, ...]:
        """The label ids, in order."""
        return tuple(label.id for label in self.labels)

    @property
    def digest(self) -> str:
        """SHA-256 of the content, independent of the file's layout."""
        canonical = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def load(cls, path: str | Path) -> Taxonomy:
        """Read ``labels.yaml``.

        Raises:
            TaxonomyError: the file is missing, is not YAML, or breaks a rule; with path and line.

        """
        path = Path(path)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise TaxonomyError("no such file.", where=str(path), hint="Make one with: tagger init DIR.") from None
        except OSError as error:
            raise TaxonomyError(f"cannot be read: {error.strerror or error}.", where=str(path)) from None
        try:
            return cls.parse(raw.decode("utf-8-sig"), str(path))
        except UnicodeDecodeError as error:
            where = f"{path}:{error.object[: error.start].count(10) + 1}"
            what = f"byte 0x{error.object[error.start]:02x} is not UTF-8."
            raise TaxonomyError(what, where=where, hint="Save the file as UTF-8.") from None

    @classmethod
    def parse(cls, text: str, where: str = "labels.yaml") -> Taxonomy:
        """Read the text of a ``labels.yaml``; errors name ``where`` and the line."""
        return _Reader(where).taxonomy(text)

    @classmethod
    def of(cls, ids: list[str] | tuple[str, ...]) -> Taxonomy:
        """Return a taxonomy of bare ids, without names or terms."""
        return cls(tuple(Label(id=name) for name in ids))

    def to_json(self) -> dict[str, Any]:
        """Return plain data, the form a model stores (reading it needs no YAML)."""
        return {"version": self.version, "labels": [asdict(label) for label in self.labels]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Taxonomy:
        """Return the taxonomy of ``to_json``'s data."""
        labels = []
        for item in data["labels"]:
            frozen = {key: {lang: tuple(t) for lang, t in item[key].items()} for key in ("terms", "stop_terms")}
            labels.append(Label(**{**item, **frozen}))
        return cls(tuple(labels), data["version"])


class _Reader:
    """Reads the YAML node by node, so that every complaint has a line."""

    def __init__(self, where: str) -> None:
        self._where = where

    def taxonomy(self, text: str) -> Taxonomy:
        from tagger.yaml_nodes import compose  # noqa: PLC0415 - tagging with a stored model needs no YAML

        root = compose(text, self._where, _DEEPEST, TaxonomyError)
        if root is None:
            raise TaxonomyError("the file is empty.", where=self._where, hint="It needs 'version: 1' and 'labels:'.")
        top = self._mapping(root, "the file", _TOP_KEYS)
        if "labels" not in top:
            raise self._error(root, "no 'labels:'.", "List at least one label with an 'id'.")
        version = self._version(top.get("version"))
        nodes: dict[str, _Node] = {}
        labels = []
        for node in self._items(top["labels"], "labels"):
            label, id_node = self._label(node)
            if label.id in nodes:
                first = nodes[label.id].start_mark.line + 1
                raise self._error(id_node, f"label id '{label.id}' stands twice (first in line {first}).")
            nodes[label.id] = node
            labels.append(label)
        self._parents(labels, nodes)
        return Taxonomy(tuple(labels), version)

    def _error(self, node: _Node, what: str, hint: str = "") -> TaxonomyError:
        return TaxonomyError(what, where=f"{self._where}:{node.start_mark.line + 1}", hint=hint)

    def _mapping(self, node: _Node, name: str, known: tuple[str, ...] | None) -> dict[str, _Node]:
        if node.id != "mapping":
            raise self._error(node, f"{name} must be a mapping (key: value).")
        found: dict[str, _Node] = {}
        for key_node, value in node.value:
            key = self._text(key_node, "a key")
            if known is not None and key not in known:
                raise self._error(key_node, f"unknown key '{key}'.", nearest(key, known))
            if key in found:
                raise self._error(key_node, f"key '{key}' stands twice.")
            found[key] = value
        return found

    def _items(self, node: _Node, name: str) -> Iterator[_Node]:
        if node.id != "sequence":
            raise self._error(node, f"'{name}' must be a list.")
        if not node.value:
            hint = "List at least one label with an 'id'." if name == "labels" else "Fill it or leave the key out."
            raise self._error(node, f"'{name}' is an empty list.", hint)
        yield from node.value

    def _text(self, node: _Node, name: str) -> str:
        if node.id != "scalar" or node.tag == _NULL or not str(node.value).strip():
            raise self._error(node, f"'{name}' must be a text that is not empty.")
        text = str(node.value).strip()
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            raise self._error(node, f"'{name}' holds half a character (a lone surrogate).")
        return text

    def _version(self, node: _Node | None) -> int:
        if node is None:
            return _NEWEST_VERSION
        value = self._text(node, "version")
        if not value.isascii() or not value.isdigit() or len(value) > 9 or not int(value) >= 1:
            raise self._error(node, f"'version' must be a whole number, not '{value}'.")
        if int(value) > _NEWEST_VERSION:
            raise self._error(node, f"version {value} is newer than this program.", "Upgrade tagger.")
        return int(value)

    def _label(self, node: _Node) -> tuple[Label, _Node]:
        keys = self._mapping(node, "a label", _LABEL_KEYS)
        if "id" not in keys:
            raise self._error(node, "a label without 'id'.")
        name = self._text(keys["id"], "id")
        if not _ID.match(name):
            raise self._error(keys["id"], f"label id '{name}' must be lower-case letters, digits and hyphens.")
        parent = keys.get("parent")
        is_null = parent is None or parent.tag == _NULL
        return Label(
            id=name,
            name=self._names(keys.get("name")),
            definition=self._optional(keys, "definition"),
            counts=self._optional(keys, "counts"),
            excludes=self._optional(keys, "excludes"),
            terms=self._terms(keys.get("terms"), "terms"),
            stop_terms=self._terms(keys.get("stop_terms"), "stop_terms"),
            parent=None if is_null or parent is None else self._text(parent, "parent"),
        ), keys["id"]

    def _optional(self, keys: dict[str, _Node], name: str) -> str:
        return " ".join(self._text(keys[name], name).split()) if name in keys else ""

    def _names(self, node: _Node | None) -> dict[str, str]:
        if node is None:
            return {}
        if node.id == "scalar":
            return {"en": self._text(node, "name")}
        names = self._mapping(node, "'name'", None)
        if not names:
            raise self._error(node, "'name' is empty.", "Give names by language, or leave the key out.")
        return {self._lang(lang, value): self._text(value, "name") for lang, value in names.items()}

    def _terms(self, node: _Node | None, key: str) -> dict[str, tuple[str, ...]]:
        if node is None:
            return {}
        languages = self._mapping(node, f"'{key}'", None)
        if not languages:
            raise self._error(node, f"'{key}' is empty.", "Give terms by language, or leave the key out.")
        result = {}
        for lang, value in languages.items():
            self._lang(lang, value)
            items = self._items(value, f"{key}.{lang}")
            texts = [(" ".join(self._text(item, f"{key}.{lang}").split()), item) for item in items]
            seen: dict[str, None] = {}
            for text, item in texts:
                if len(text) > _LONGEST_TERM:
                    raise self._error(item, f"a term of {len(text)} characters.", f"At most {_LONGEST_TERM}.")
                if text.casefold() in seen:
                    raise self._error(item, f"'{text}' stands twice in {key}.{lang}.")
                seen[text.casefold()] = None
            result[lang] = tuple(text for text, _ in texts)
        return result

    def _lang(self, code: str, node: _Node) -> str:
        if not _LANG.match(code):
            raise self._error(node, f"'{code}' is not a language code.", "Use codes like en, fr, vi, ja.")
        return code

    def _parents(self, labels: list[Label], nodes: dict[str, _Node]) -> None:
        parents = {label.id: label.parent for label in labels}
        for label in labels:
            if label.parent is not None and label.parent not in parents:
                node = next(v for k, v in nodes[label.id].value if k.value == "parent")
                raise self._error(node, f"unknown parent '{label.parent}'.", nearest(label.parent, parents))
        for label in labels:
            trail = [label.id]
            while (up := parents[trail[-1]]) is not None:
                if up in trail:
                    loop = " > ".join([*trail[trail.index(up) :], up])
                    raise self._error(nodes[label.id], f"parents form a loop: {loop}.")
                trail.append(up)
