"""Who sees what of inspections on the pages and by the API, and does the hotline's transcript speak?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.inspections import actions, calibrating
from huixiang.apps.inspections.actions import Wanted
from huixiang.apps.inspections.models import Finding, Photo, Visit
from huixiang.apps.standards import measuring
from huixiang.apps.standards.models import in_force_on
from huixiang.lake.store import Lake
from huixiang.web.demo import BRANCH_MANAGER, QUALITY_MANAGER, SECOND
from huixiang.web.demo import inspections as demonstration
from tests import make
from tests.apps.api import caller
from tests.apps.inspections import LOOKS, filled, hold, looked
from tests.apps.test_hotline import came
from tests.channels.test_pictures import photo

pytestmark = pytest.mark.one_database

TALK = """WEBVTT

NOTE 通话 {call} 2026-01-01 12:02:03

1
00:00:00.000 --> 00:00:04.000
<v 坐席 {agent}>{opening}

2
00:00:04.500 --> 00:00:09.000
<v 客户>年费是怎么收的

3
00:00:09.500 --> 00:00:12.000
<v 坐席 {agent}>{middle}

4
00:00:12.500 --> 00:00:15.000
<v 坐席 {agent}>{closing}
"""
GREETING, FAREWELL = "您好，很高兴为您服务，请问有什么可以帮您？", "感谢来电，祝您生活愉快。"


@pytest.fixture
def second(bank: make.Bank) -> Staff:
    return make.staff("9010", bank.head_office, "quality_manager", name="郑七")


@pytest.fixture
def inspector(bank: make.Bank) -> Staff:
    return make.staff("8001", bank.north, "inspector", name="何八")


def test_a_unit_sees_its_findings_and_never_who_the_mystery_visitor_was(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff, manager: Staff, stranger: Staff
) -> None:
    hold(quality, second, LOOKS)
    visit = looked(inspector, bank.north_outlet, {1: 0}, photo=photo(), kind="mystery")
    finding, picture = Finding.objects.get(), Photo.objects.get()
    unit, other = make.client(manager), make.client(stranger)
    for name, given in (("inspection", visit.number), ("inspection_finding", finding.pk)):
        page = unit.get(reverse(name, args=[given])).content.decode()
        assert "工装整洁" in page
        assert "何八" not in page
        assert other.get(reverse(name, args=[given])).status_code == 404
    shown = reverse("inspection_photo", args=[picture.pk])
    assert unit.get(shown)["Content-Type"] == "image/jpeg"
    assert other.get(shown).status_code == 404
    assert AuditRecord.objects.filter(verb="inspection.photo_read", actor=manager.number).count() == 1
    assert unit.get(reverse("inspection_calibration")).status_code == 404
    assert unit.get(reverse("inspection_plans")).status_code == 404
    told = caller(manager).get(f"/inspections/{visit.number}").json()
    assert (told["inspector"], told["points"], told["forms"][0]["lines"][0]["finding"]) == ("", 6, finding.pk)
    assert caller(quality).get(f"/inspections/{visit.number}").json()["inspector"] == "8001"
    answer = unit.post(reverse("inspection_finding_do", args=[finding.pk, "accept"]), {"words": ""})
    assert answer.status_code == 302
    (row,) = caller(quality).get("/inspection-findings").json()["items"]
    assert (row["id"], row["state"], row["standard"], row["line"]) == (finding.pk, "confirmed", LOOKS, 1)
    csv = b"".join(make.client(quality).get(reverse("inspection_findings_export", args=["csv"])).streaming_content)
    assert "工装整洁" in csv.decode("utf-8-sig")


def test_who_plans_elsewhere_does_not_learn_who_comes_to_her_own_outlet(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff
) -> None:
    hold(quality, second, LOOKS)
    visit = looked(inspector, bank.north_outlet, {2: 0}, kind="mystery")
    both = make.staff("7001", bank.north_outlet, "branch_manager", name="姜一")
    make.post(both, bank.south, "quality_manager")
    both = Staff.objects.get(pk=both.pk)
    assert "何八" not in make.client(both).get(reverse("inspection", args=[visit.number])).content.decode()
    assert caller(both).get(f"/inspections/{visit.number}").json()["inspector"] == ""


def test_who_has_yet_to_score_a_case_learns_nothing_of_it_by_other_pages(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff
) -> None:
    hold(quality, second, LOOKS)
    other, today = make.staff("8002", bank.north, "inspector", name="许九"), timezone.localdate()
    make.post(other, bank.head_office, "quality_manager")
    other = Staff.objects.get(pk=other.pk)
    wanted = Wanted("校准", "inspection", bank.north, ["outlet"], [LOOKS], ["8001", "8002"], today,
                    today + timedelta(days=60), twice_percent=100)  # fmt: skip
    actions.approve(actions.draw_plan(wanted, by=quality), by=second)
    first = Visit.objects.get(inspector=inspector, unit=bank.north_outlet)
    actions.submit(first.number, filled(first, {2: 0}), by=inspector, key="k")
    unit = make.client(other).get(reverse("inspection_unit", args=["N11"]))
    assert unit.context["lines"] == []
    assert calibrating.visits(other, today, today) == []
    assert calibrating.visits(quality, today, today) == [first]


def test_what_waits_for_the_unit_stands_first(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff, manager: Staff
) -> None:
    hold(quality, second, LOOKS)
    for _twice in range(2):
        looked(inspector, bank.north_outlet, {2: 0})
    latest, earlier = Finding.objects.all()
    actions.accept(latest.pk, by=manager)
    assert list(make.client(manager).get(reverse("inspection_findings")).context["page"]) == [earlier, latest]


def test_harsh_and_lenient_are_told_to_who_calibrates(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff
) -> None:
    hold(quality, second, "etiquette-steps")
    make.staff("8002", bank.north, "inspector", name="许九")
    today = timezone.localdate()
    plan = actions.draw_plan(
        Wanted("校准", "inspection", bank.north, ["outlet"], ["etiquette-steps"], ["8001", "8002"], today,
               today + timedelta(days=60), visits_each=6, twice_percent=100), by=quality
    )  # fmt: skip
    actions.approve(plan, by=second)
    for place, visit in enumerate(Visit.objects.select_related("inspector").order_by("case", "inspector__number")):
        assert visit.inspector
        missed = range(1, 4 + place % 3) if visit.inspector == inspector else range(1, 2 + place % 2)
        actions.submit(visit.number, filled(visit, dict.fromkeys(missed, 0)), by=visit.inspector, key="k")
    found = calibrating.calibrate(calibrating.visits(quality, today, today))
    assert found.severities.cases == 12
    harsh, lenient = found.severities.by["8001"], found.severities.by["8002"]
    assert harsh.told is not None
    assert lenient.told is not None
    assert harsh.told.value > 0 > lenient.told.value
    assert harsh.is_proven
    page = make.client(quality).get(reverse("inspection_calibration")).content.decode()
    assert "偏严" in page
    assert AuditRecord.objects.filter(verb="inspection.calibrated", actor=quality.number).exists()
    told = caller(quality).get("/inspection-calibration").json()
    assert told["case_count"] == 12
    assert [each["inspector"] for each in told["inspectors"]] == ["8001", "8002"], "by number, as all of the API"
    unit = make.client(quality).get(reverse("inspection_unit", args=["N11"])).content.decode()
    assert "不足 10 次，暂无结论" in unit


def test_a_form_with_a_gap_is_sent_back_with_what_is_wrong(
    bank: make.Bank, quality: Staff, second: Staff, inspector: Staff
) -> None:
    hold(quality, second, LOOKS)
    page = make.client(inspector)
    begun = page.post(reverse("inspection_begin"), {"unit": "N11", "kind": "inspection", "standards": [LOOKS]})
    number = Visit.objects.get().number
    assert begun["Location"] == reverse("inspection_form", args=[number])
    said = {"key": "k", "versions": "looks:1", "visited_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}
    said |= {f"level-looks-{n}": "2" for n in (1, 2, 3)}
    answer = page.post(begun["Location"], said)
    assert answer.status_code == 422
    assert "这一项还没有答" in answer.content.decode()
    many = {"photo-looks-1": [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(101)]}
    assert page.post(begun["Location"], said | many).status_code == 422, "read, and told what is wrong"
    assert page.post(begun["Location"], said | {"level-looks-4": "na"}).status_code == 302
    assert Visit.objects.get().most == 6
    assert make.client(quality).get(begun["Location"]).status_code == 404
    worker = page.get(reverse("inspections_worker"))
    assert worker["Content-Type"].startswith("text/javascript")


def test_the_words_of_the_hotline_are_heard_in_its_transcripts(
    bank: make.Bank, quality: Staff, second: Staff, manager: Staff, lake: Lake, tmp_path: Path, transactional_db: None
) -> None:
    hold(quality, second, "hotline-words", "hotline-forbidden")
    folder = tmp_path / "files" / "transcripts"
    folder.mkdir(parents=True)
    calls = [
        (GREETING, "年费每年收一次。", FAREWELL),
        (GREETING, "这不归我管。", FAREWELL),
        ("喂", "每年一次。", "挂了啊"),
    ]
    for n, (opening, middle, closing) in enumerate(calls):
        said = TALK.format(call=f"{1767240123 + n}.45", agent="1001", opening=opening, middle=middle, closing=closing)
        (folder / f"{1767240123 + n}.45.vtt").write_text(said, "utf-8")
    came(folder, "transcripts")
    since, until = timezone.localdate() - timedelta(days=3000), timezone.localdate() + timedelta(days=1)
    held = {each.code: each for each in in_force_on(timezone.localdate())}
    must = measuring.whole(measuring.count(held["hotline-words"], since, until) or [])
    never = measuring.whole(measuring.count(held["hotline-forbidden"], since, until) or [])
    assert must is not None
    assert never is not None
    assert (must.n, round(must.value), never.n, round(never.value)) == (3, 67, 3, 33)
    asked = {"since": f"{since}", "until": f"{until}"}
    page = make.client(quality).get(reverse("inspection_words"), asked).content.decode()
    assert "<mark>不归我管</mark>" in page
    assert make.client(manager).get(reverse("inspection_words")).status_code == 404


def test_the_demonstration_has_a_plan_half_done_and_findings_in_every_state(bank: make.Bank) -> None:
    author, second = (make.staff(n, bank.head_office, "quality_manager") for n in (QUALITY_MANAGER, SECOND))
    for number in demonstration.INSPECTORS:
        make.staff(number, bank.head_office, "inspector")
    make.staff(BRANCH_MANAGER, bank.north_outlet, "branch_manager")
    for n in range(36):
        make.unit(f"N2{n:02}", "outlet", bank.north_branch)
    hold(author, second, *demonstration.FORMS)
    for _twice in range(2):
        demonstration.tend(timezone.localdate())
    assert Visit.objects.planned().exists()
    assert Visit.objects.done().count() > 30
    assert set(Finding.objects.values_list("state", flat=True)) == set(Finding.State.values)
