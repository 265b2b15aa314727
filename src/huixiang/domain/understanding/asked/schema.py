"""Is an answer exactly what was asked for? A strict reading of JSON, by the few keywords that our schemas use.

Servers are given the same schema (`response_format`), but nothing rests on their keeping to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LONGEST = 20_000  # characters of an answer; a right one has some hundred
_FENCE = "```"

Schema = Mapping[str, Any]


class Unfit(ValueError):
    """An answer that does not count. The message is a word of ours: it quotes nothing of the answer."""


def read(said: str, schema: Schema) -> Any:
    """The JSON value of an answer. Raises Unfit where it is none, is more than one, or breaks the schema."""
    if len(said) > LONGEST:
        raise Unfit("too_long")
    try:
        value = json.loads(_unfenced(said.strip()), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unfit("twice" if isinstance(error, Unfit) else "no_json") from None
    check(value, schema)
    return value


def check(value: object, schema: Schema) -> None:
    """Raises Unfit where a value breaks the schema."""
    kind = schema["type"]
    if kind == "object":
        _object(value, schema)
    elif kind == "array":
        _array(value, schema)
    elif not isinstance(value, str):
        raise Unfit("type")
    elif "enum" in schema and value not in schema["enum"]:
        raise Unfit("unknown_code")


def objects(properties: Mapping[str, Schema]) -> Schema:
    """An object that has all of these keys and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def one_of(codes: list[str]) -> Schema:
    return {"type": "string", "enum": codes}


def some_of(codes: list[str]) -> Schema:
    """Codes, each once; how many is checked by whoever asks, since not every server knows such limits."""
    return {"type": "array", "items": one_of(codes)}


def _object(value: object, schema: Schema) -> None:
    if not isinstance(value, dict):
        raise Unfit("type")
    if set(value) != set(schema["required"]):
        raise Unfit("keys")
    for name, each in schema["properties"].items():
        check(value[name], each)


def _array(value: object, schema: Schema) -> None:
    if not isinstance(value, list):
        raise Unfit("type")
    for each in value:
        check(each, schema["items"])
    if len(set(value)) != len(value):
        raise Unfit("twice")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal keys Python would keep the last one in silence."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("twice")
    return found


def _unfenced(said: str) -> str:
    """Many models put JSON between fences, as in a chat; what stands between them must be JSON all the same."""
    if not said.startswith(_FENCE) or not said.endswith(_FENCE) or "\n" not in said:
        return said
    return said[said.index("\n") + 1 : -len(_FENCE)].strip()
