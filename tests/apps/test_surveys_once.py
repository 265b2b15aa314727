"""Many at the same moment: does each link count once, and does no quota take one too many?"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from huixiang.apps.surveys import links
from huixiang.apps.surveys.models import Invitation, QuotaCount, Response
from huixiang.apps.surveys.submitting import Entry, LinkUsed, QuotaFull, submit
from tests.apps.surveys_cast import VISIT, invite, survey
from tests.make import Bank


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_anonymous", [False, True])
def test_two_browsers_on_each_link_and_a_quota_that_ends_in_the_crowd(bank: Bank, *, is_anonymous: bool) -> None:
    """On PostgreSQL they really meet; SQLite lets one in after the other."""
    pairs, places = (12, 8) if connection.vendor == "postgresql" else (6, 4)
    quotas = [{"code": "all", "name": "全部", "limit": places}]
    version = survey(bank.north_branch, VISIT | {"quotas": quotas}, is_anonymous=is_anonymous)
    tokens = [links.hashed(token) for token in invite(version, pairs)]
    asked = list(Invitation.objects.filter(token__in=tokens).select_related("unit"))
    together = Barrier(2 * pairs)

    def press(number: int) -> str:
        invitation = asked[number // 2]
        entry = Entry(
            version=version,
            once=links.once(f"browser {number}", "" if is_anonymous else invitation.token),
            answers={"nps": 9},
            shown=["nps"],
            language="zh",
            via="invitation",
            invitation=invitation,
        )
        together.wait()
        try:
            return "new" if submit(entry, timezone.now()) else "known"
        except (LinkUsed, QuotaFull, OperationalError) as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2 * pairs) as browsers:
        told = Counter(browsers.map(press, range(2 * pairs)))
    assert told["new"] == places == Response.objects.count() == QuotaCount.objects.get().taken
    assert Invitation.objects.filter(is_used=True).count() == places, "who was turned away may come again"
    assert told["OperationalError"] == 0
    assert told["QuotaFull"] > 0
