"""Does a standard hold only once a second person approved it, is its history kept, and does a folder come in whole?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

from huixiang.apps.access import append_only
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.standards import actions
from huixiang.apps.standards.guarded import STEPS, TEXTS
from huixiang.apps.standards.models import Standard, Version, in_force_on
from huixiang.channels.contract import Fault
from huixiang.domain.standards import values
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.values import Aim
from huixiang.domain.standards.writing import write
from tests import make

SET = {each.code: each for each in starter_set()}


@pytest.fixture
def second(bank: make.Bank) -> Staff:
    """Head office's other quality manager: the second pair of eyes."""
    return make.staff("9010", bank.head_office, "quality_manager", name="郑七")


def waiting(minutes: float = 20, begins: date | None = None) -> values.Standard:
    aim = Aim("waiting.p90", minutes, 2)
    return replace(SET["waiting-ordinary"], aim=aim, effective_from=begins or timezone.localdate())


def hold(standard: values.Standard, by: Staff, second: Staff) -> Version:
    """Written and submitted by one, approved by the other."""
    version = actions.write_version(write(standard), by=by)
    actions.submit(version, by=by)
    actions.approve(version, by=second)
    return version


def test_a_standard_holds_from_its_day_once_another_person_approved_it(quality: Staff, second: Staff) -> None:
    today = timezone.localdate()
    version = actions.write_version(write(waiting()), by=quality)
    assert in_force_on(today) == []
    with pytest.raises(Fault, match="草稿"):
        actions.approve(version, by=second)
    actions.submit(version, by=quality)
    with pytest.raises(Fault, match="四眼"):
        actions.approve(version, by=quality)
    actions.approve(version, by=second)
    assert in_force_on(today) == [waiting()]

    stricter = hold(waiting(15, today + timedelta(days=30)), quality, second)
    assert in_force_on(today) == [waiting()]
    assert in_force_on(today + timedelta(days=30)) == [stricter.value]
    verbs = AuditRecord.objects.filter(on_kind="standard").order_by("seq").values_list("verb", "actor")
    assert list(verbs) == [("standard.write", "9002"), ("standard.submit", "9002"), ("standard.approve", "9010")] * 2


def test_who_mended_a_returned_draft_does_not_approve_it(quality: Staff, second: Staff) -> None:
    first = actions.write_version(write(waiting()), by=quality)
    actions.submit(first, by=quality)
    with pytest.raises(Fault, match="正待审批"):
        actions.write_version(write(waiting(10)), by=second)
    with pytest.raises(Fault, match="理由"):
        actions.send_back(first, " ", by=second)
    actions.send_back(first, "目标太松", by=second)
    mended = actions.write_version(write(waiting(15)), by=second)
    assert [step.state for step in first.steps.all()] == ["draft", "submitted", "returned", "dropped"]
    actions.submit(mended, by=quality)
    for author in (quality, second):  # one submitted it, the other wrote it
        with pytest.raises(Fault, match="四眼"):
            actions.approve(mended, by=author)
    assert Standard.objects.get().versions.count() == 2


def test_what_is_over_or_overtaken_cannot_begin(quality: Staff, second: Staff) -> None:
    today = timezone.localdate()
    late = actions.write_version(write(waiting(15, today - timedelta(days=1))), by=quality)
    with pytest.raises(Fault, match="已经过去"):
        actions.submit(late, by=quality)
    hold(waiting(15, today + timedelta(days=9)), quality, second)
    sooner = actions.write_version(write(waiting(18, today + timedelta(days=3))), by=quality)
    with pytest.raises(Fault, match="起期须在它之后"):
        actions.submit(sooner, by=quality)
    with pytest.raises(Fault, match="完全相同"):
        actions.write_version(write(waiting(18, today + timedelta(days=3))), by=quality)


def test_only_the_whole_banks_people_write_and_approve(
    bank: make.Bank, quality: Staff, manager: Staff, clerk: Staff
) -> None:
    regional = make.staff("3001", bank.north, "quality_manager", name="孙九")
    version = actions.write_version(write(waiting()), by=quality)
    actions.submit(version, by=quality)
    for person in (regional, manager, clerk):
        with pytest.raises(PermissionDenied):
            actions.write_version(write(waiting(9)), by=person)
        with pytest.raises(PermissionDenied):
            actions.approve(version, by=person)
        assert not Version.objects.visible_to(person).exists()  # not before it is approved


@pytest.fixture
def guards() -> Iterator[None]:
    for what in (TEXTS, STEPS):
        append_only.guard(connection, what)
    yield
    for what in (TEXTS, STEPS):
        append_only.release(connection, what)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_written(change: str, bank: make.Bank, guards: None) -> None:
    person = make.staff("9002", bank.head_office, "quality_manager")
    actions.submit(actions.write_version(write(waiting()), by=person), by=person)
    for what in (TEXTS, STEPS):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(change.format(what.table))
    for what in (TEXTS, STEPS):  # the test's own end empties the tables
        append_only.release(connection, what)


def test_the_set_of_the_product_is_adopted_once_and_waits_for_approval(quality: Staff, second: Staff) -> None:
    today = timezone.localdate()
    hold(waiting(12), quality, second)
    adopted = actions.adopt(today, by=quality)
    assert len(adopted) == len(SET) - 1  # what the bank has stays as it is
    assert len(in_force_on(today)) == 1
    for version in adopted:
        actions.approve(version, by=second)
    assert len(in_force_on(today)) == len(SET)
    assert actions.adopt(today, by=quality) == []


def test_a_folder_comes_in_whole_or_not_at_all(quality: Staff) -> None:
    good, other = write(waiting()), write(replace(waiting(), code="other"))
    with pytest.raises(Fault, match=r"文件“b.toml”第 4 行 governs"):
        actions.bring({"a.toml": good, "b.toml": other.replace('governs = "waiting"', 'governs = "queue"')}, by=quality)
    with pytest.raises(Fault, match="一份标准一个文件"):
        actions.bring({"a.toml": good, "b.toml": good}, by=quality)
    assert not Standard.objects.exists()
    assert len(actions.bring({"a.toml": good, "b.toml": other}, by=quality).written) == 2
    again = actions.bring({"a.toml": f"# 注释不算改动\n{good}", "b.toml": other}, by=quality)
    assert (len(again.written), list(again.same)) == (0, ["waiting-ordinary", "other"])
