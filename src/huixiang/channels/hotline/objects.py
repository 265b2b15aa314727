"""How is a transcript in JSON read? A call with a list of turns, or the bare list; names by the wording.

Shapes: {"call_id": …, "turns": [{"speaker", "text", "start", "end"}]}; [{"speaker", …}, …] for one call; many calls as
a list, or one a line. The list of turns may lie one level down ({"result": {"sentences": […]}}).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.channels.hotline.dialogue import Dialogue, Piece, seconds, turns
from huixiang.channels.hotline.wording import Wording, plain


def read(text: str, name: str, wording: Wording) -> Dialogue:
    """The dialogue of one call. Raises Fault."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Fault("%(place)s：不是合法的 JSON；请更正", place=f"{name}:{line}") from None
    told: Mapping[str, Any] = found if isinstance(found, dict) else {}
    listed = found if isinstance(found, list) else turns_of(told, wording)
    if listed is None:
        names = "、".join(wording.names["turns"][:4])
        raise Fault("%(place)s：没有各句的列表（%(names)s）；请在设置的 [fields] 中写明 turns", place=name, names=names)
    return Dialogue(
        turns(_pieces(listed, name, wording), wording.speakers),
        call=_text(wording.value(told, "call")),
        started_at=_text(wording.value(told, "started_at")),
        customer=_text(wording.value(told, "customer")),
        caller=_text(wording.value(told, "caller")),
        branch=_text(wording.value(told, "branch")),
    )


def turns_of(told: Mapping[str, Any], wording: Wording) -> Sequence[Any] | None:
    """The list of turns in this object, or in one that lies in it."""
    for within in (told, *(value for value in told.values() if isinstance(value, dict))):
        for named in wording.names["turns"]:
            found = next((value for key, value in within.items() if plain(key) == named), None)
            if isinstance(found, list):
                return found
    return None


def is_turn(value: object, wording: Wording) -> bool:
    """Is this element of a list one turn, rather than a call that holds some?"""
    return isinstance(value, dict) and turns_of(value, wording) is None and wording.has(value, "text")


def _pieces(listed: Sequence[Any], name: str, wording: Wording) -> Iterator[Piece]:
    for number, each in enumerate(listed, 1):
        place = f"{name}#{number}"
        if not isinstance(each, dict):
            raise Fault("%(place)s：这一句不是 JSON 对象（{…}）；请更正", place=place)
        if not wording.has(each, "text"):
            names = "、".join(wording.names["text"][:4])
            raise Fault(
                "%(place)s：没有说话内容（%(names)s）；请在设置的 [fields] 中写明 text", place=place, names=names
            )
        yield Piece(
            place,
            _text(wording.value(each, "speaker")),
            _text(wording.value(each, "text")),
            moment(each, "start", place, wording),
            moment(each, "end", place, wording),
        )


def moment(each: Mapping[str, Any], field: str, place: str, wording: Wording) -> float | None:
    if (exact := wording.value(each, f"{field}_ms")) is not None:
        return seconds(exact, place, milliseconds=True)
    return seconds(wording.value(each, field), place, milliseconds=wording.milliseconds)


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
