"""What does one transcript hold, whatever its form? The call, as far as the file tells it, and its turns in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from huixiang.channels.contract import Fault, quoted
from huixiang.channels.hotline.speakers import Speakers
from huixiang.domain.feedback import Side, Turn

LONGEST_SECONDS = 24 * 3600
MOST_TURNS = 20_000


@dataclass(slots=True)
class Dialogue:
    """A call as its transcript tells it; "" where it does not."""

    turns: list[Turn] = field(default_factory=list)
    call: str = ""
    started_at: str = ""
    customer: str = ""
    caller: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one speaker as they stand in the file. `place` is file and line, for the Fault."""

    place: str
    label: str  # "" where nobody is named
    text: str
    start: float | None = None
    end: float | None = None


def turns(pieces: Iterator[Piece], speakers: Speakers) -> list[Turn]:
    """The turns of these pieces; each piece is one. Raises Fault with the place of the first that does not fit."""
    found: list[Turn] = []
    before: tuple[Side, str] | None = None
    for piece in pieces:
        label, text = piece.label, " ".join(piece.text.split())
        if not label and (parted := speakers.prefixed(text)):
            label, text = parted
        if not text:
            continue
        _plausible(piece)
        if label:
            side, staff = speakers.known(label, piece.place)
        else:
            side = speakers.unnamed(piece.place, text, before[0] if before else None, len(found))
            staff = before[1] if before and before[0] is side else ""
        before = (side, staff)
        found.append(Turn(side, text, piece.start, piece.end, staff if side is Side.AGENT else ""))
        if len(found) > MOST_TURNS:
            raise Fault(
                "%(place)s：一通电话超过 %(most)s 句；请核对是否并入了别的通话", place=piece.place, most=MOST_TURNS
            )
    return found


def _plausible(piece: Piece) -> None:
    if piece.start is not None and piece.end is not None and piece.end < piece.start:
        raise Fault(
            "%(place)s：结束时间 %(end)s 早于开始时间 %(start)s；请更正",
            place=piece.place,
            end=piece.end,
            start=piece.start,
        )
    for moment in (piece.start, piece.end):
        if moment is not None and not 0 <= moment <= LONGEST_SECONDS:
            raise Fault(
                '%(place)s：时间 %(found)s 秒超过一天或为负；若数字是毫秒，请在设置中写 times = "ms"',
                place=piece.place,
                found=moment,
            )


def seconds(found: object, place: str, *, milliseconds: bool = False) -> float | None:
    """Seconds of a number, or of a clock such as 00:01:02.500 or 1:02,5. Raises Fault. None for nothing."""
    text = str(found).strip() if found is not None else ""
    if not text:
        return None
    parts = text.replace(",", ".").replace("：", ":").split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) > 3 or not all(0 <= number < inf for number in numbers):
        raise Fault(
            "%(place)s：“%(found)s”不是时间；请写秒数或 00:01:02.500 这样的钟点", place=place, found=quoted(text)
        )
    whole: float = sum(number * 60**power for power, number in enumerate(reversed(numbers)))
    return whole / 1000 if milliseconds and len(parts) == 1 else whole
