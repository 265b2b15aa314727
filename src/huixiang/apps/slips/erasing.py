"""What goes when a customer has her words erased, or a slip's time is over? Picture, what was read, what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huixiang.apps.access import audit
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback.certifying import counted, place
from huixiang.apps.feedback.erasing import finds, reaches, relates
from huixiang.apps.feedback.expiring import holds
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.slips.models import Slip
from huixiang.apps.slips.receiving import id_of
from huixiang.channels.paper import lines
from huixiang.domain.contacts import reached_at
from huixiang.domain.feedback import pseudonym

AT_ONCE = 500
_WORD = re.compile(r"[0-9A-Za-z@._+-]{4,}")


@reaches
def forget(voice_ids: Collection[str]) -> None:
    """The slips of these voices. Their pictures feedback erases itself; the file's row keeps them from coming back."""
    listed = sorted(voice_ids)
    for start in range(0, len(listed), AT_ONCE):
        Slip.objects.filter(voice_id__in=listed[start : start + AT_ONCE]).delete()


@place("slips", gettext_lazy("纸质意见：图像、读出与更正的文字"))
def left(voice_ids: Collection[str]) -> int:
    return counted(Slip.objects.all(), voice_ids)


@holds
def kept_longer(voice_ids: Sequence[str]) -> set[str]:
    """Slips whose own days are not over, or that wait to land."""
    over = Slip.objects.over(timezone.localdate()).values("pk")
    rows = Slip.objects.filter(voice_id__in=voice_ids).exclude(pk__in=over)
    return set(rows.values_list("voice_id", flat=True))


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """Slips on which her number, telephone or address stands: in the lake it is masked, here it can be found."""
    rows = Slip.objects.exclude(sealed=None)
    if reach is not None:
        rows = rows.filter(unit__code__in=reach)
    return {slip.voice_id for slip in rows.iterator(AT_ONCE) if _names(customer, slip)}


@relates
def as_cut_before_and_after(voice_ids: Collection[str]) -> set[str]:
    """The pages they were cut from, and parts that were put together again: in a backup her words may stand there.

    A page goes whole, with whoever else wrote on it: the paper can be scanned again, her words must not come back.
    """
    found: set[str] = set()
    for slip in Slip.objects.filter(voice_id__in=voice_ids).select_related("of"):
        steps = slip.part.split(".") if slip.part else []
        above = [".".join(steps[:depth]) for depth in range(len(steps))]
        pages = Slip.objects.filter(of=slip.of_id, page=slip.page)
        former = {number for cut in pages.filter(part__in=above).values_list("once_cut", flat=True) for number in cut}
        gone = former - set(pages.values_list("part", flat=True))  # of others who are there now nothing is taken
        found |= {id_of(slip.of, slip.page, number) for number in (*above, *slip.once_cut, *gone)}
    return found


def forget_old(today: date) -> int:
    """The nightly round's part: pictures and words of slips whose days are over; the masked voices stay."""
    count = 0
    while ids := list(Slip.objects.over(today).values_list("voice_id", flat=True)[:AT_ONCE]):
        attachments.expire(ids)
        with transaction.atomic():
            forget(ids)
            audit.record("slip.expire", by="system:nightly", on_kind="slip", count=len(ids))
        count += len(ids)
    return count


def _names(customer: str, slip: Slip) -> bool:
    try:
        words = slip.words()
    except Unsealable:
        return False
    read = [str(line[name]) for line in words.lines for name in ("text", "typed")]
    key = settings.MASKING_KEY.encode()
    return any(pseudonym(form, key) == customer for text in (*read, words.more, words.text) for form in _forms(text))


def _forms(text: str) -> set[str]:
    """Each number and address in it, in each way that the bank may know it by: people part numbers by gaps."""
    plain = unicodedata.normalize("NFKC", text)
    words = {word for form in (plain, lines.tidied(plain)) for word in _WORD.findall(form)}
    bare = {word.strip("._+-") for word in words}
    return ({reached_at(form) or "" for form in (plain, *words)} | words | bare) - {""}


keeps(
    Keeping(
        code="slips",
        channel=gettext_lazy("纸质意见"),
        holds=gettext_lazy("图像、读出与更正的文字（加密）"),
        days=lambda: gettext_lazy("同本机构意见箱；没有意见箱的 180 天"),
        ground=gettext_lazy("办理客户投入意见箱的意见"),
        stored=Slip.objects.count,
        due=lambda now: Slip.objects.over(timezone.localdate(now)).count(),
        clear=lambda now: forget_old(timezone.localdate(now)),
        settings=("boxes",),
    )
)
