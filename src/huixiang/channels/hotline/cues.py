"""How are subtitles read? WebVTT (W3C) with its voice spans, and SRT, whose speakers stand before a colon.

Not by webvtt-py: it drops what does not fit without a word, and tells no line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from huixiang.channels.contract import Fault, quoted
from huixiang.channels.hotline.dialogue import Dialogue, Piece, turns
from huixiang.channels.hotline.speakers import Speakers

_CLOCK = r"(?:(\d+):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+(?P<who>[^>]+)>")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_MOMENT = re.compile(r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?[ T]\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")


class _Block(NamedTuple):
    line: int  # of its first line in the file, from 1
    lines: list[str]


def read(text: str, name: str, speakers: Speakers) -> Dialogue:
    """The dialogue of one file. Raises Fault with file, line and remedy at the first cue that cannot be read."""
    blocks = list(_blocks(text.removeprefix("\ufeff")))
    notes = "\n".join("\n".join(block.lines) for block in blocks[:3] if _is_aside(block))
    moment = _MOMENT.search(notes)
    return Dialogue(turns(_pieces(blocks, name), speakers), started_at=moment[0] if moment else "")


def pieces(text: str, name: str) -> Iterator[Piece]:
    """What each cue says, with its place, for whoever has another table of speakers. Raises Fault as `read` does."""
    return _pieces(list(_blocks(text.removeprefix("\ufeff"))), name)


def _blocks(text: str) -> Iterator[_Block]:
    """Stretches of lines between blank ones."""
    held: list[str] = []
    first = 1
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip():
            first = first if held else number
            held.append(line)
        elif held:
            yield _Block(first, held)
            held = []
    if held:
        yield _Block(first, held)


def _is_aside(block: _Block) -> bool:
    """A comment or a style, or the file's own head, which may bear a comment."""
    first = block.lines[0]
    return bool(_ASIDE.match(first) or (first.startswith("WEBVTT") and not any("-->" in line for line in block.lines)))


def _pieces(blocks: list[_Block], name: str) -> Iterator[Piece]:
    for block in blocks:
        if _is_aside(block):
            continue
        at = next((place for place, line in enumerate(block.lines[:3]) if "-->" in line), None)
        place = f"{name}:{block.line}"
        if at is None:
            raise Fault(
                "%(place)s：这一段没有时间行（00:00:01.000 --> 00:00:02.000）；句子里不能有空行，请补上时间或删去空行",
                place=place,
            )
        start, end = _times(block.lines[at], f"{name}:{block.line + at}")
        for number, line in enumerate(block.lines[at + 1 :], block.line + at + 1):
            if "-->" in line:
                raise Fault("%(place)s：两句之间缺少空行；请在时间行之前空一行", place=f"{name}:{number}")
        yield from _said(f"{name}:{block.line + at}", "\n".join(block.lines[at + 1 :]), start, end)


def _times(line: str, place: str) -> tuple[float, float]:
    found = _TIMES.fullmatch(line)
    if not found:
        raise Fault(
            "%(place)s：时间行“%(found)s”读不懂；请写成 00:00:01.000 --> 00:00:02.000",
            place=place,
            found=quoted(line.strip()),
        )
    clock = found.groups()
    return _seconds(clock[:4]), _seconds(clock[4:])


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = clock
    return (
        int(hours or 0) * 3600
        + int(minutes or 0) * 60
        + int(seconds or 0)
        + int((fraction or "0").ljust(3, "0")) / 1000
    )


def _said(place: str, payload: str, start: float, end: float) -> Iterator[Piece]:
    """A cue of several voices is one piece for each. In one without voice spans each named line is a piece."""
    spans = list(_VOICE.finditer(payload))
    if not spans:
        yield from (Piece(place, "", _plain(part), start, end) for part in _lines_of(payload))
        return
    if before := _plain(payload[: spans[0].start()]).strip():
        yield Piece(place, "", before, start, end)
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        words = payload[span.end() : following.start() if following else None]
        yield Piece(place, html.unescape(span["who"]).strip(), _plain(words), start, end)


def _lines_of(payload: str) -> list[str]:
    """“- 坐席：您好” and “- 客户：你好” in one cue are two turns; any other line goes on with the one before."""
    parts: list[str] = []
    for line in payload.splitlines():
        begins = re.match(r"\s*[-–—]\s*", line)
        if begins or not parts or re.match(r"\s*[^:：\s]{1,16}\s*[:：]", line):
            parts.append(line[begins.end() :] if begins else line)
        else:
            parts[-1] += "\n" + line
    return parts


def _plain(words: str) -> str:
    return html.unescape(_TAG.sub("", words))
