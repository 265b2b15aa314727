"""Does an inspection come to the right people, count once, and stay open to the unit's word and another's decision?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone
from PIL import Image

from huixiang.apps.access import append_only
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.inspections import actions, keeping, pictures
from huixiang.apps.inspections.actions import Wanted, Words
from huixiang.apps.inspections.guarded import ALL
from huixiang.apps.inspections.models import Answer, Finding, Photo, Visit
from huixiang.apps.standards import composing, measuring
from huixiang.apps.standards.models import in_force_on
from huixiang.channels.contract import Fault
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.writing import write
from tests import make
from tests.apps.inspections import LOOKS, SET, filled, hold, looked
from tests.channels.test_pictures import photo

SHOWN = photo()


@pytest.fixture
def second(bank: make.Bank) -> Staff:
    return make.staff("9010", bank.head_office, "quality_manager", name="郑七")


@pytest.fixture
def inspector(bank: make.Bank) -> Staff:
    """Looks at the north's branches from the region's office."""
    return make.staff("8001", bank.north, "inspector", name="何八")


@pytest.fixture
def other(bank: make.Bank) -> Staff:
    return make.staff("8002", bank.north, "inspector", name="许九")


@pytest.fixture
def standards(quality: Staff, second: Staff) -> None:
    hold(quality, second, LOOKS)


def wanted(bank: make.Bank, **more: Any) -> Wanted:
    today = timezone.localdate()
    said = {"kind": "mystery", "unit": bank.north, "unit_kinds": ["outlet"], "standards": [LOOKS], "since": today,
            "until": today + timedelta(days=30), "inspectors": ["8001", "8002"], "twice_percent": 50}  # fmt: skip
    return Wanted("四季度神秘人", **said | more)


def test_a_plan_is_drawn_approved_by_another_and_told_to_nobody_visited(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff, other: Staff, manager: Staff, standards: None
) -> None:
    plan = actions.draw_plan(wanted(bank, seed=7), by=quality)
    assert actions.draw_plan(wanted(bank, seed=7), by=quality).drawn == plan.drawn
    assert {row[0] for row in plan.drawn} == {"N11", "N12"}
    with pytest.raises(Fault, match="四眼"):
        actions.approve(plan, by=quality)
    with pytest.raises(PermissionDenied):
        actions.approve(plan, by=inspector)
    actions.approve(plan, by=second)
    with pytest.raises(Fault, match="已有结论"):
        actions.approve(plan, by=second)
    assert Visit.objects.count() == 3  # one of two outlets is looked at by both
    assert not Visit.objects.visible_to(manager).exists()
    assert Visit.objects.visible_to(quality).count() == 3
    # Both looked apart: neither sees the other's form before handing in her own.
    case = Visit.objects.get(is_second=True).case
    first, apart = Visit.objects.filter(case=case).order_by("is_second")
    actions.submit(first.number, filled(first, {1: 0, 3: 1}), by=first.inspector, key="a")
    assert not Visit.objects.visible_to(apart.inspector).filter(pk=first.pk).exists()
    assert not Finding.objects.visible_to(apart.inspector).exists()
    actions.submit(apart.number, filled(apart, {1: 1}), by=apart.inspector, key="b")
    assert Visit.objects.visible_to(apart.inspector).filter(pk=first.pk).exists()
    assert Finding.objects.count() == 2  # of the first form alone
    seen = Visit.objects.visible_to(manager)
    assert {visit.shown_who(manager) for visit in seen} == {"神秘人"}
    assert "何八" in " ".join(visit.shown_who(quality) for visit in seen)


def test_nobody_is_sent_to_her_own_unit(
    bank: make.Bank, quality: Staff, inspector: Staff, manager: Staff, standards: None
) -> None:
    with pytest.raises(Fault, match="本单位的人不查本单位"):
        actions.draw_plan(wanted(bank, kind="cross", inspectors=["1002"]), by=quality)
    south = make.staff("2002", bank.south_branch, "branch_manager", name="韩十")
    drawn = actions.draw_plan(wanted(bank, kind="cross", inspectors=["1002", "2002"]), by=quality).drawn
    assert {person for row in drawn for person in row[3]} == {south.number}
    with pytest.raises(Fault, match="没有填写检查的权限"):
        actions.draw_plan(wanted(bank, inspectors=["9999"]), by=quality)
    with pytest.raises(Fault, match="本单位"):
        actions.begin(bank.north_outlet, "inspection", [LOOKS], by=manager)


def test_a_form_comes_in_once_by_the_version_of_its_day(
    bank: make.Bank, quality: Staff, inspector: Staff, other: Staff, standards: None
) -> None:
    visit = actions.begin(bank.north_outlet, "inspection", [LOOKS], by=inspector)
    form = filled(visit, {1: 0, 4: None}, photo=SHOWN, notes={1: "柜员张伟（13812345678）未戴工牌"})
    with pytest.raises(ObjectDoesNotExist):
        actions.submit(visit.number, form, by=other, key="k")
    with pytest.raises(Fault, match="须附照片"):
        actions.submit(visit.number, filled(visit, {1: 0}), by=inspector, key="k")
    with pytest.raises(Fault, match="版本不同"):
        actions.submit(visit.number, type(form)(form.visited_at, form.lines, "looks:9"), by=inspector, key="k")
    for _again in range(2):
        done = actions.submit(visit.number, form, by=inspector, key="k")
    assert (done.points, done.most) == (4, 6)  # one of 2 points missed, one line not applicable
    with pytest.raises(Fault, match="已提交过"):
        actions.submit(visit.number, form, by=inspector, key="another")
    assert Answer.objects.get(number=1).note == "柜员〔姓名〕（〔手机〕）未戴工牌"
    (kept,) = Photo.objects.all()
    with Image.open(BytesIO(pictures.VAULT.content(kept.pk))) as drawn:
        assert not drawn.getexif()
    assert len(list((pictures.VAULT.place(kept.pk).parent).iterdir())) == 1
    assert AuditRecord.objects.filter(verb="inspection.submit").count() == 1


def test_a_unit_disputes_and_another_than_the_inspector_decides(
    bank: make.Bank, quality: Staff, inspector: Staff, manager: Staff, stranger: Staff, standards: None
) -> None:
    visit = looked(inspector, bank.north_outlet, {1: 0, 2: 1, 3: 0}, photo=SHOWN)
    first, partly, third = Finding.objects.order_by("pk")
    assert not Finding.objects.visible_to(stranger).exists()
    with pytest.raises(PermissionDenied):
        actions.accept(first.pk, by=stranger)
    actions.accept(first.pk, by=manager)
    with pytest.raises(Fault, match="理由"):
        actions.dispute(partly.pk, Words(" "), by=manager)
    with pytest.raises(Fault, match="看不出"):
        actions.dispute(partly.pk, Words("当天已整改", files=[(b"MZ\x90\x00", "a.exe")]), by=manager)
    actions.dispute(partly.pk, Words("李四当天按规定着装", files=[(SHOWN, "监控.jpg")]), by=manager)
    actions.dispute(third.pk, Words("坐姿端正，有录像"), by=manager)
    make.post(inspector, bank.head_office, "quality_manager")
    both = Staff.objects.get(pk=inspector.pk)
    with pytest.raises(Fault, match="四眼"):
        actions.decide(partly.pk, "withdraw", Words("有录像"), by=both)
    actions.decide(partly.pk, "withdraw", Words("录像属实"), by=quality)
    actions.decide(third.pk, "change", Words("后半段端正", level=1), by=quality)
    visit.refresh_from_db()
    assert (visit.points, visit.most) == (5, 8)
    assert visit.forms.get().given_points == 3
    assert set(Finding.objects.confirmed()) == {first, third}
    with pytest.raises(Fault, match="已撤销"):
        actions.decide(partly.pk, "uphold", Words("再议"), by=quality)
    assert [event.verb for event in third.events.all()] == ["raise", "dispute", "change"]


def test_what_no_unit_answers_counts_as_accepted_after_its_days(
    bank: make.Bank, inspector: Staff, manager: Staff, standards: None
) -> None:
    looked(inspector, bank.north_outlet, {2: 0})
    (finding,) = Finding.objects.all()
    assert actions.lapse_due(finding.due_on) == 0
    assert actions.lapse_due(finding.due_on + timedelta(days=1)) == 1
    assert actions.lapse_due(finding.due_on + timedelta(days=1)) == 0
    assert Finding.objects.confirmed().get() == finding
    with pytest.raises(Fault, match="不能这样办"):
        actions.accept(finding.pk, by=manager)


def test_the_standard_is_measured_by_its_visits_and_nothing_is_concluded_of_few(
    bank: make.Bank, inspector: Staff, standards: None
) -> None:
    today = timezone.localdate()
    (standard,) = in_force_on(today)
    for place in range(12):
        looked(inspector, (bank.north_outlet, bank.north_outlet_2)[place % 2], {2: place % 3})
        if place == 4:
            few = measuring.conform(standard, today, today)
            assert (few.found and few.found.n, few.verdict) == (5, "unproven")
    line = measuring.conform(standard, today, today)
    assert line.found is not None
    assert (line.found.n, round(line.found.value, 3)) == (12, 87.5)
    assert line.found.low < 87.5 < line.found.high
    units = {each.unit: each.n for each in measuring.count_by_unit(standard, today, today) or []}
    assert units == {"N11": 6, "N12": 6, "N1": 12, "N": 12, "HQ": 12}


def test_photos_go_after_a_year_and_what_is_open_stays(bank: make.Bank, inspector: Staff, standards: None) -> None:
    looked(inspector, bank.north_outlet, {1: 0}, photo=SHOWN)
    later = timezone.now() + timedelta(days=366)
    assert keeping.clear(later) == 0  # its finding waits
    actions.lapse_due(timezone.localdate(later))
    assert (keeping.due(later), keeping.clear(later), keeping.clear(later)) == (1, 1, 0)
    assert Photo.objects.get().erased_at


@pytest.fixture
def guards() -> Iterator[None]:
    for what in ALL:
        append_only.guard(connection, what)
    yield
    for what in ALL:
        append_only.release(connection, what)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_what_was_answered(bank: make.Bank, guards: None) -> None:
    author, second = (make.staff(number, bank.head_office, "quality_manager") for number in ("9002", "9010"))
    hold(author, second)
    inspector = make.staff("8001", bank.north, "inspector")
    looked(inspector, bank.north_outlet, {2: 0})
    actions.draw_plan(wanted(bank, inspectors=["8001"]), by=author)
    for what in ALL:
        for change in (f"UPDATE {what.table} SET id = id", f"DELETE FROM {what.table}"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(change)
    for what in ALL:  # the test's own end empties the tables
        append_only.release(connection, what)


def test_words_and_ways_to_answer_are_the_same_in_form_and_file() -> None:
    for code in ("hotline-words", "hotline-forbidden", LOOKS):
        text = write(SET[code]).replace("photo = true", 'photo = true\nscale = "yes_no"\nhint = "看左胸"', 1)
        standard = read(text)
        said = composing.shown(standard) | {"weight": standard.weight, "target": 90.0, "tolerance": 5.0}
        found = read(composing.composed(said))
        assert (found.wording, found.checklist) == (standard.wording, standard.checklist)
