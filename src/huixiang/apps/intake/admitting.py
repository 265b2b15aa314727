"""May this message come in now? Asked before anything of it is worked on: who asks must not cost more than who answers.

Limits are by address and hour, by box and day. Photos are what costs: each that is decoded counts, also of a message
that has come before, and what is there already is not looked at again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Semaphore

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.intake import limits, proofs
from huixiang.apps.intake.models import PostBox, Submission
from huixiang.apps.intake.receiving import MOST_PHOTOS, has_photos

PHOTOS_AT_ONCE = 2  # messages of a process whose photos are worked on or wait for it: the other threads stay free
AGAIN_SECONDS = 5
_place = Semaphore(PHOTOS_AT_ONCE)


class Refused(Exception):
    """Not now; in words for the customer, and with the status that says it to her browser."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


class Door:
    """One request at a box's door. `proof` opens it wider, once."""

    def __init__(self, box: PostBox, address: str, proof: str, now: datetime) -> None:
        self._box, self._address, self._proof, self._now = box, address, proof, now
        self._most: int | None = None
        self._spent = ""

    def let_in(self, known: Submission | None, photos: int) -> bool:
        """Are its photos to be looked at? Raises Refused."""
        if known is None:
            self._refuse_many()
        if not photos or (known and has_photos(known) >= min(photos, MOST_PHOTOS)):
            return False
        if limits.reached("photo", self._address, MOST_PHOTOS * self._allowed(), self._now):
            raise Refused(_("这个网络在一小时里发来的照片太多了。您写的还在下面，可以先不带照片发送。"), 429)
        if shutil.disk_usage(_disk()).free < settings.LEAST_FREE_BYTES:
            raise Refused(_("照片暂时存不下了，请先不带照片发送；您写的还在下面。"), 507)
        return True

    @contextmanager
    def looking(self, photos: int) -> Iterator[None]:
        """While photos are decoded: counted before, so that one who hangs up has paid. Raises Refused."""
        if not _place.acquire(blocking=False):
            raise Refused(_("正在处理别人的照片，还没有收到您的。您写的还在下面，请过几秒再点一次“发送”。"), 503)
        try:
            limits.count("photo", self._address, self._now, photos)
            yield
        finally:
            _place.release()

    def count(self) -> None:
        """One message more of this address."""
        limits.count("message", self._address, self._now)

    def turn_away(self) -> None:
        """Nothing was kept: the same message may come again with the same sum."""
        proofs.give_back(self._spent)

    def _refuse_many(self) -> None:
        if limits.reached("message", self._address, self._allowed(), self._now):
            raise Refused(_("这个网络在一小时里发来的留言太多了。您写的还在下面，请过一会儿再发，或告诉柜台。"), 429)
        if is_full(self._box, self._now):
            raise Refused(_("这个意见箱今天收到的留言太多了。您写的还在下面，请明天再发，或告诉柜台。"), 429)

    def _allowed(self) -> int:
        """A browser that did its sum may send more: it cannot do very many. Each sum is asked for once."""
        if self._most is None:
            self._spent = proofs.spend(self._proof, self._box.slug, self._now)
            self._most = limits.MOST_SENT_WITH_PROOF if self._spent else limits.MOST_SENT
        return self._most


def is_full(box: PostBox, now: datetime) -> bool:
    """Has this box had as many messages today as it may?"""
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return box.submissions.filter(received_at__gte=morning).count() >= settings.MOST_A_DAY


def _disk() -> Path:
    place = Path(settings.DATA_DIR)
    return place if place.exists() else place.parent
