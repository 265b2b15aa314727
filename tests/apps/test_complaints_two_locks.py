"""A case ends while what was merged into it is split off: does neither wait for the other for ever?"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from huixiang.apps.complaints.models import Case
from tests import make
from tests.apps.test_complaints_erasing import do, registered


def test_what_was_merged_is_held_before_the_younger_case(transactional_db: None, lake: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("one at a time writes to a file")
    bank = make.bank()
    handler = make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")
    older, younger = registered(bank, handler), registered(bank, handler)
    do(older, "merge", handler, other=younger.number, is_confirmed=True)
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=older.pk)  # as a split does first
            ends = beside.submit(_withdrawn, younger, handler)
            assert _somebody_waits()
            Case.objects.select_for_update(nowait=True).get(pk=younger.pk)
        assert not ends.result(30).is_open


def _withdrawn(case: Case, by: Any) -> Case:
    try:
        return do(case, "withdraw", by, words="算了")
    finally:
        connection.close()


def _somebody_waits() -> bool:
    until = time.monotonic() + 20
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return True
            time.sleep(0.02)
    return False
