"""Nobody changes the audit without being seen: not in the pages, not in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from huixiang.apps.access import append_only, audit, heads
from huixiang.apps.access.models import AuditRecord, Unit
from tests import make

pytestmark = pytest.mark.django_db
TABLE = append_only.TABLE


def ten_records() -> None:
    for number in range(1, 11):
        audit.record("voice.read", by="1001", on_kind="voice", on_id=number, source="10.0.0.7", 页=number, share="0.5")


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def swap_3_and_4() -> None:
    tamper(f"UPDATE {TABLE} SET seq = 99 WHERE seq = 3")
    tamper(f"UPDATE {TABLE} SET seq = 3 WHERE seq = 4")
    tamper(f"UPDATE {TABLE} SET seq = 4 WHERE seq = 99")


def test_an_untouched_chain_is_whole() -> None:
    ten_records()
    verdict = audit.verify()
    assert (verdict.whole, verdict.records, verdict.head) == (True, 10, audit.head())


@pytest.mark.parametrize(
    ("change", "first_bad", "fault"),
    [
        (f"UPDATE {TABLE} SET actor = '9999' WHERE seq = 4", 4, "changed"),
        (f"UPDATE {TABLE} SET outcome = 'refused' WHERE seq = 10", 10, "changed"),
        (f"UPDATE {TABLE} SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 1", 1, "changed"),
        (f"UPDATE {TABLE} SET detail = '{{}}' WHERE seq = 2", 2, "changed"),
        (f"UPDATE {TABLE} SET hash = '{'0' * 64}' WHERE seq = 5", 5, "changed"),
        (f"DELETE FROM {TABLE} WHERE seq = 7", 7, "missing"),
        (f"DELETE FROM {TABLE} WHERE seq < 3", 1, "missing"),
        (swap_3_and_4, 3, "reordered"),
    ],
)
def test_a_tampered_record_is_named(change: str | Callable[[], None], first_bad: int, fault: str) -> None:
    ten_records()
    change() if callable(change) else tamper(change)
    verdict = audit.verify()
    assert (verdict.seq, verdict.fault) == (first_bad, fault)


def test_a_deleted_record_is_missed_even_when_all_later_ones_are_renumbered() -> None:
    ten_records()
    tamper(f"DELETE FROM {TABLE} WHERE seq = 5")
    for seq in range(6, 11):
        tamper(f"UPDATE {TABLE} SET seq = {seq - 1} WHERE seq = {seq}")
    assert audit.verify().seq == 5


def test_the_end_cut_off_is_seen_by_the_head_that_was_kept(data: object) -> None:
    ten_records()
    heads.keep(date(2026, 11, 24))
    tamper(f"DELETE FROM {TABLE} WHERE seq > 8")
    assert audit.verify().whole, "without the kept head nothing shows it"
    verdict = audit.verify(heads.known())
    assert (verdict.seq, verdict.fault) == (9, "truncated")


def test_an_end_rewritten_after_the_cut_contradicts_the_kept_head() -> None:
    ten_records()
    kept = str(audit.head())
    tamper(f"DELETE FROM {TABLE} WHERE seq > 8")
    for _ in range(4):
        audit.record("voice.read", by="1001", on_kind="voice")
    verdict = audit.verify(heads.known(kept))
    assert (verdict.seq, verdict.fault) == (10, "other_head")


def test_who_knows_the_rule_but_not_the_key_cannot_forge_a_link(settings: object) -> None:
    ten_records()
    settings.MASKING_KEY = "a guess"  # type: ignore[attr-defined]
    audit.record("organisation.change", by="1001", on_kind="unit")
    settings.MASKING_KEY = "demo-only-masking-key"  # type: ignore[attr-defined]
    verdict = audit.verify()
    assert (verdict.seq, verdict.fault) == (11, "changed")


def test_a_verb_that_fails_leaves_neither_a_record_nor_a_gap() -> None:
    ten_records()
    with transaction.atomic():
        audit.record("unit.create", by="9003", on_kind="unit")
        transaction.set_rollback(True)
    assert audit.record("unit.create", by="9003", on_kind="unit").seq == 11
    assert audit.verify().whole


@pytest.mark.parametrize("verb", ["UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_a_change(verb: str) -> None:
    if connection.vendor == "sqlite" and verb.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    ten_records()
    append_only.guard(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        tamper(verb.format(TABLE))
    assert AuditRecord.objects.count() == 10


def test_sqlite_does_not_replace_a_record_either() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    ten_records()
    append_only.guard(connection)
    names = ", ".join(audit.FIELDS)
    changed = names.replace("actor", "'x'")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        tamper(f"INSERT OR REPLACE INTO {TABLE} ({names}) SELECT {changed} FROM {TABLE} WHERE seq = 4")
    assert audit.record("voice.read", by="1001", on_kind="voice").seq == 11
    assert audit.verify().whole


def test_many_records_at_once_are_one_chain() -> None:
    ten_records()
    deeds = [audit.Deed("staff.create", "staff", number, {"odd": date(2026, 1, 2)}) for number in range(2_500)]
    assert len(audit.record_many(deeds, by="9003", source="cli")) == 2_500
    assert audit.record_many([], by="9003") == []
    assert audit.verify().records == 2_510
    assert audit.verify().whole


def test_what_is_no_day_in_the_folder_of_heads_is_passed_over(data: Path) -> None:
    ten_records()
    heads.keep(date(2026, 11, 24))
    for name in ("2026-11-25.new", ".DS_Store", "notes"):
        (heads.folder() / name).write_text("half a li", "utf-8")
    assert list(heads.known()) == [10]
    assert list(heads.known(str(heads.folder()))) == [10]


def test_odd_values_verify_after_their_way_through_the_database() -> None:
    odd = {"a": None, "b": [1, True, "NUL\x00", "\ud800"], "c": {"今": date(2026, 1, 2), 2: 0.1}, "d": 2**40}
    audit.record("x", by="cli:\x00someone", on_kind="unit", on_id="\x00", **odd)
    assert audit.verify().whole


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain_without_gaps() -> None:
    together = Barrier(4)

    def clerk(number: int) -> None:
        together.wait()
        for turn in range(15):
            with transaction.atomic():
                make.unit(f"U{number}-{turn}", "outlet")
                audit.record("unit.create", by=str(number), on_kind="unit")
        connection.close()

    threads = [Thread(target=clerk, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Unit.objects.count() == 60
    verdict = audit.verify()
    assert (verdict.whole, verdict.records) == (True, 60)


def test_the_audit_speaks_in_words_and_names(bank: make.Bank, auditor: Any, administrator: Any) -> None:
    post = {"role": "branch_manager", "unit": "N1", "from_on": "2026-01-01", "to_on": None}
    audit.record("post.give", by=administrator, on_kind="staff", on_id="1002", post=post)
    browser = make.client(auditor)
    shown = browser.get(reverse("audit"), {"verb": "post.give"}).content.decode()
    assert "周六（9003）" in shown
    assert "岗位" in shown
    assert "branch_manager" not in shown
    assert '<option value="post.give" selected>任职</option>' in shown
    browser.cookies["django_language"] = "en"
    english = browser.get(reverse("audit"), {"verb": "post.give"}).content.decode()
    assert "周六 (9003)" in english


def test_a_long_address_is_kept_whole(bank: make.Bank) -> None:
    address = "/api/v1/staff/" + "9" * 32 + "/tokens/123456789/revoke"
    audit.record("token.revoke", by="1001", on_kind="api", on_id=address, outcome="refused")
    assert AuditRecord.objects.filter(on_id=address).exists()
    assert audit.verify().whole


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ("6.6.6.6, 10.1.1.1", 1, "10.1.1.1"),
        ("6.6.6.6, 10.1.1.1, 10.2.2.2", 2, "10.1.1.1"),
        ("10.1.1.1", 3, "10.1.1.1"),
        ("10.1.1.1:50712", 1, "10.1.1.1"),
        ("[2001:db8::7]:443", 1, "2001:db8::7"),
        ("::ffff:10.1.1.1", 1, "10.1.1.1"),
        ("unknown", 1, ""),
    ],
)
def test_behind_proxies_the_address_is_the_one_the_first_of_them_saw(
    settings: Any, forwarded: str, proxies: int, found: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER, settings.PROXIES = ("HTTP_X_FORWARDED_PROTO", "https"), proxies
    assert audit.origin(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)) == found
