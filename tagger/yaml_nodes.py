"""YAML text -> nodes that know their line, safely: nothing is constructed, aliases and deep nesting are refused.

Used by everything that reads YAML a person wrote. libyaml does the work where PyYAML was built with it, in
less than half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tagger.errors import TaggerError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"


def compose(text: str, where: str, deepest: int, raising: type[TaggerError]) -> yaml.Node | None:
    """Return the root node of a text of one document, or None when there is none.

    Args:
        text: the YAML.
        where: the file's name, for errors.
        deepest: lists and mappings that may stand inside each other; it bounds the recursion of all that follows.
        raising: the class of the errors.

    Raises:
        TaggerError: (of class ``raising``) not valid YAML, an alias, or nested deeper; with the line.

    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > deepest:
                    raise raising("nested too deeply.", where=f"{where}:{line_of(event)}")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.AliasEvent):  # nested aliases can grow without bound
                raise raising("aliases (*name) are not allowed.", where=f"{where}:{line_of(event)}")
        root: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{where}:{mark.line + 1}" if mark else where
        raise raising(f"not valid YAML: {error.problem or error.context}.", where=place) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise raising(f"not valid YAML: {error.reason}.", where=f"{where}:{line}") from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise raising(f"not valid YAML: {reason}.", where=where) from None
    return root


def line_of(thing: yaml.Node | yaml.Event) -> int:
    """Return the line, from 1, in which a node or event starts."""
    return thing.start_mark.line + 1 if thing.start_mark is not None else 1


def is_null(node: yaml.Node) -> bool:
    """Whether the node is ``null``, ``~`` or nothing."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL
