"""YAML as an editor reads it: version 1.2, in which `no` is text and `0.3` a number."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

_CORE = [
    ("null", r"^(~|null|Null|NULL|)$"),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$"),
    ("int", r"^[-+]?[0-9]+$"),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    ("float", r"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$"),
]


class _Editor(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {}


for _tag, _pattern in _CORE:
    _Editor.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), None)
# PyYAML's own wants a dot in front of an exponent, and takes 017 for an octal number
_Editor.add_constructor("tag:yaml.org,2002:float", lambda loader, node: _float(node.value))
_Editor.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def _float(text: str) -> float:
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def read_as_an_editor(text: str) -> Any:
    """The data of a YAML text, keys as text, which is what JSON Schema knows."""
    return _keys_as_text(yaml.load(text, _Editor))  # noqa: S506  (it is a SafeLoader)


def _keys_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {_written(key): _keys_as_text(one) for key, one in value.items()}
    return [_keys_as_text(one) for one in value] if isinstance(value, list) else value


def _written(key: Any) -> str:
    return {None: "null", True: "true", False: "false"}.get(key, str(key))
