"""How is a mapping written down, so that a person can read it, change it and use it again?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from huixiang.domain.understanding.masking import mask


def written(mapping: Mapping[str, Any]) -> str:
    """TOML of plain values and of tables one level down; what tomllib reads back is equal."""
    plain = [f"{_key(name)} = {_value(value)}" for name, value in mapping.items() if not isinstance(value, Mapping)]
    tables = [_table(name, value) for name, value in mapping.items() if isinstance(value, Mapping)]
    return "\n".join([*plain, *tables]) + "\n"


def without_people(text: str) -> str:
    """A mapping as it is kept: what a person noted on lines of their own may name a customer."""
    return "".join(
        mask(line).text if line.lstrip().startswith("#") else line for line in text.splitlines(keepends=True)
    )


def _table(name: str, values: Mapping[str, Any]) -> str:
    return "\n".join([f"[{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in values.items())])


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    return _text(str(value))


def _text(value: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
