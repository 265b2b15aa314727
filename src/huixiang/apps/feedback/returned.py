"""What of voices whose time is over does an older database bring back? What people said of them, and their photos.

The lake, restored or not, knows no such voice, so no term finds it again: it is looked for from the other side, among
what is told of voices that no lake knows. Whoever stores such a thing registers it here (`tells_of`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.feedback import batches, erasing, expiring, set_aside, terms
from huixiang.apps.feedback.facts import lake as the_lake
from huixiang.apps.feedback.models import Attachment, Correction, Term
from huixiang.lake import questions

# What is younger may be of a voice that is on its way, or of a lake put back from some weeks ago.
OLD = timedelta(days=90)
Tells = Callable[[datetime], set[str]]
TELLS: list[Tells] = []


def tells_of(function: Tells) -> Tells:
    """Register of which voices something was stored before a moment: `f(before)` gives their ids."""
    TELLS.append(function)
    return function


@tells_of
def _of_ours(before: datetime) -> set[str]:
    ids = set(Correction.objects.filter(at__lt=before).values_list("voice_id", flat=True))
    files = Attachment.objects.filter(received_at__lt=before).exclude(pk__in=set_aside.waiting().values("pk"))
    return ids | set(files.order_by().values_list("voice_id", flat=True))


def forget(now: datetime) -> int:
    """The nightly round's part: of how many voices did something go? Where no term holds, nothing does."""
    today, lake = timezone.localdate(now), the_lake()
    if not any(terms.over(each, today) for each in Term.objects.all()) or not questions.stored(lake):
        return 0  # without any voice it is the lake that is missing
    told = set[str]().union(*(tells(now - OLD) for tells in TELLS))
    with batches.turn(lake):
        gone = sorted(told - set(questions.known(lake, told)))
        gone = sorted(set(gone) - expiring.held(gone))
        for some in expiring.few(gone):
            Correction.objects.filter(voice_id__in=some).delete()
            for reach in erasing.REACHES:
                reach(frozenset(some))
    if gone:
        audit.record("voice.return", by=expiring.SYSTEM, on_kind="lake", count=len(gone))
    return len(gone)
