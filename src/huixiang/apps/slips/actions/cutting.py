"""What if a page lies on its side, or holds several slips? Turned, cut apart, and put together again.

Pictures are drawn and sealed before the transaction begins: nobody waits for a pen while the database is locked.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from PIL import Image

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.slips import reading, receiving
from huixiang.apps.slips.actions.reaching import end, reached, refuse_unless
from huixiang.apps.slips.models import Slip
from huixiang.channels import pictures
from huixiang.channels.contract import Fault

MOST_PARTS = 8
NARROWEST = 0.05  # of the page, that a part has at least
LONGEST_PART = 14  # signs of its number: beyond, it was cut too often
_UNREAD = {"sealed": None, "least": None, "looks_like_several": False, "settled_at": None, "settled_by": None}


def turn(pk: UUID, degrees: int, *, by: Staff, source: str = "") -> Slip:
    """The page is turned clockwise, and read anew."""
    if degrees not in (90, 180, 270):
        raise Fault("只能转 90、180 或 270 度")
    seen = _open(pk, by)
    drawn = pictures.drawn(_image(seen).rotate(-degrees, expand=True))
    place = receiving.sealed_picture(seen, drawn)
    with transaction.atomic():
        slip = _unchanged(seen, by)
        receiving.replace_picture(slip, place, drawn)
        _wait(slip, turned=(slip.turned + degrees) % 360)
        audit.record("slip.turn", by=by, on_kind="slip", on_id=slip.pk, source=source, degrees=degrees)
    return slip


def split(pk: UUID, cuts: Sequence[float], *, down: bool, by: Staff, source: str = "") -> list[Slip]:
    """Several slips lie on one page: it is cut at these shares of its height (`down`) or width, each part is read."""
    edges = [0.0, *sorted(cuts), 1.0]
    if not 1 <= len(cuts) < MOST_PARTS or min(b - a for a, b in pairwise(edges)) < NARROWEST:
        raise Fault("请给出 1 到 %(most)s 个切口，彼此至少相隔 5 %%，例如 50", most=MOST_PARTS - 1, column="cuts")
    seen = _open(pk, by)
    if len(seen.part) > LONGEST_PART:
        raise Fault("这一页已经拆过多次；请分开重新拍照")
    image = _image(seen)
    drawn = [pictures.drawn(_cropped(image, *ends, down)) for ends in pairwise(edges)]
    numbers = [f"{seen.part}.{place}".lstrip(".") for place in range(1, len(edges))]
    parts = [
        receiving.prepared(seen.of, seen.page, number, each, seen.unit)
        for number, each in zip(numbers, drawn, strict=True)
    ]
    with transaction.atomic():
        slip = _unchanged(seen, by)
        made = [found for part in parts if part and (found := part.save())]
        slip.sealed, slip.least, slip.looks_like_several = None, None, False
        slip.cut = {"down": down, "parts": len(edges) - 1}
        end(slip, Slip.State.SPLIT, by)
        attachments.let_go([slip.voice_id])  # its parts hold all of it
        reading.begin_due(timezone.now())
        audit.record("slip.split", by=by, on_kind="slip", on_id=slip.pk, source=source, parts=len(made))
    return made


def rejoin(pk: UUID, *, by: Staff, source: str = "") -> Slip:
    """It was one slip after all: its parts are put together again, and read as one.

    Raises Fault where a part was confirmed, was cut itself, or is no longer there: then its words are elsewhere, or are
    to be nowhere.
    """
    seen = reached(pk, by)
    refuse_unless(seen, Slip.State.SPLIT)
    parts = _parts(seen)
    drawn = pictures.drawn(_glued([_upright(part) for part in parts], down=bool(seen.cut and seen.cut["down"])))
    place = receiving.sealed_picture(seen, drawn)
    with transaction.atomic():
        slip = reached(pk, by, lock=True)
        refuse_unless(slip, Slip.State.SPLIT)
        if [(part.pk, part.turned) for part in _parts(slip, lock=True)] != [(part.pk, part.turned) for part in parts]:
            raise Fault("拆出的几张刚有变动；请刷新页面")
        attachments.let_go([part.voice_id for part in parts])
        Slip.objects.filter(pk__in=[part.pk for part in parts]).delete()
        receiving.replace_picture(slip, place, drawn)
        slip.cut = None
        slip.once_cut = sorted({number for part in parts for number in (part.part, *part.once_cut)} | {*slip.once_cut})
        _wait(slip)
        audit.record("slip.rejoin", by=by, on_kind="slip", on_id=slip.pk, source=source, parts=len(parts))
    return slip


def _open(pk: UUID, by: Staff) -> Slip:
    slip = reached(pk, by)
    refuse_unless(slip, Slip.State.READ, Slip.State.REJECTED)
    return slip


def _unchanged(seen: Slip, by: Staff) -> Slip:
    """The row, locked; what was drawn from it was drawn from what it still is."""
    slip = reached(seen.pk, by, lock=True)
    refuse_unless(slip, Slip.State.READ, Slip.State.REJECTED)
    if (slip.state, slip.turned, slip.width, slip.height) != (seen.state, seen.turned, seen.width, seen.height):
        raise Fault("这张意见单刚有变动；请刷新页面")
    return slip


def _wait(slip: Slip, **fields: Any) -> None:
    for name, value in {**_UNREAD, **fields}.items():
        setattr(slip, name, value)
    slip.state, slip.reason = Slip.State.WAITING, ""
    slip.save()
    reading.begin_due(timezone.now())


def _parts(slip: Slip, *, lock: bool = False) -> list[Slip]:
    """Raises Fault where they cannot be put together."""
    start = f"{slip.part}." if slip.part else ""
    rows = Slip.objects.filter(of=slip.of_id, page=slip.page, part__startswith=start).exclude(pk=slip.pk)
    every = list((rows.select_for_update() if lock else rows).order_by("part"))
    own = [part for part in every if part.part.count(".") == start.count(".")]
    if Tombstone.objects.among({part.voice_id for part in own}):
        raise Fault("拆出的一张应客户要求正在删除，不能还原")
    if len(own) < len(every) or any(part.state == Slip.State.SPLIT for part in own):
        raise Fault("拆出的一张又拆过；请先把那一张还原")
    if any(part.state == Slip.State.CONFIRMED for part in own):
        raise Fault("拆出的已有确认入库的，不能再还原")
    if not slip.cut or len(own) < slip.cut["parts"]:
        raise Fault("拆出的几张已不全（到期或应客户要求删除），不能还原")
    return own


def _upright(part: Slip) -> Image.Image:
    """As it lay on the page."""
    return _image(part).rotate(part.turned, expand=True)


def _glued(images: Sequence[Image.Image], *, down: bool) -> Image.Image:
    widths, heights = [each.width for each in images], [each.height for each in images]
    size = (max(widths), sum(heights)) if down else (sum(widths), max(heights))
    page, at = Image.new("RGB", size, "white"), 0
    for each in images:
        page.paste(each, (0, at) if down else (at, 0))
        at += each.height if down else each.width
    return page


def _image(slip: Slip) -> Image.Image:
    picture = receiving.picture_of(slip)
    if picture is None:
        raise Fault("这一页没有图像；请重新扫描")
    return Image.open(io.BytesIO(picture.jpeg), formats=("JPEG",)).convert("RGB")


def _cropped(image: Image.Image, start: float, end: float, down: bool) -> Image.Image:
    width, height = image.size
    if down:
        return image.crop((0, round(start * height), width, round(end * height)))
    return image.crop((round(start * width), 0, round(end * width), height))
