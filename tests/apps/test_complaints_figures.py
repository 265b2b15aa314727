"""Does the office see how long complaints take, and may it open each figure to exactly its cases?"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.complaints import actions, figuring
from huixiang.apps.complaints.actions import Doing, Identity, Person, Receipt
from huixiang.apps.complaints.actions.joining import join_voice
from huixiang.apps.complaints.models import Case, Party, RulePack
from huixiang.apps.complaints.outcomes import outcomes
from huixiang.domain.complaints.acting import REMEDIES
from huixiang.domain.complaints.handling import End
from huixiang.domain.complaints.resolving import Answer
from huixiang.domain.complaints.rulebook import shipped_text
from huixiang.lake import questions
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.arrivals import bring_in, spoken, table
from tests.apps.test_erasure import hers
from tests.make import Bank


@pytest.fixture
def handler(bank: Bank) -> Staff:
    return make.staff("1101", bank.north_branch, "complaint_handler", name="韩七")


def received(bank: Bank, by: Staff, days_ago: float, **changed: Any) -> Case:
    person = Person(Party.Role.COMPLAINANT, Identity(name="王芳", phone="13800138000"))
    at = timezone.now() - timedelta(days=days_ago)
    said = {"way": "phone", "unit": bank.north_branch, "title": "年费", "text": "年费没说清", "people": (person,)}
    return actions.register(Receipt(**said | {"received_at": at} | changed), by=by)


def answered(case: Case, after_days: float, by: Staff, business: str = "B.card.credit") -> None:
    at: datetime = case.received_at + timedelta(days=after_days)
    for verb, doing in (
        ("accept", Doing(told_at=at, at=at)),
        ("classify", Doing(classes={"channel": "A.back", "business": business, "cause": "C.pricing"}, at=at)),
        ("take", Doing(at=at)),
        ("decide", Doing(words="退还", at=at)),
        ("reply", Doing(words="经核实", told_at=at, at=at, names_grounds=True, remedies=REMEDIES)),
    ):
        actions.do(case.pk, verb, replace(doing, is_simulated=True), by=by)


@pytest.fixture
def year(bank: Bank, handler: Staff) -> list[Case]:
    """Twelve cases: eight in time, one late, one open and late, one withdrawn, one merged into another."""
    cases = [received(bank, handler, 90 - n, customer=f"c{n}") for n in range(12)]
    for case in cases[:8]:
        answered(case, 5, handler)
    answered(cases[8], 20, handler)
    actions.do(cases[10].pk, "withdraw", Doing(words="不投诉了"), by=handler)
    Case.objects.filter(pk__in=[cases[9].pk, cases[11].pk]).update(customer="same")
    actions.do(cases[11].pk, "merge", Doing(other=cases[9].number, is_confirmed=True), by=handler)
    return cases


def test_open_cases_count_and_each_figure_opens_to_exactly_its_cases(
    bank: Bank, handler: Staff, year: list[Case]
) -> None:
    found = outcomes(Case.objects.visible_to(handler), timezone.now())
    told = figuring.figures(found)
    assert told.count == 11, "the repeated one is no case of its own"
    assert told.ends == {End.ANSWERED: 9, End.OPEN: 1, End.WITHDRAWN: 1}
    assert told.median.value == pytest.approx(5)
    assert (told.late, told.due) == (2, 10), "answered late, and open beyond its date; withdrawn is neither"
    assert (told.resolved.yes, told.resolved.judged, told.resolved.asked) == (9, 9, 10)
    assert told.resolved.coverage == pytest.approx(0.9)
    client = make.client(handler)
    page = client.get("/complaints/figures/").content.decode()
    assert 'role="img"' in page
    links = {href.replace("&amp;", "&"): int(number) for href, number in re.findall(
        r'<a href="(/complaints/register/\?[^"]+)">(\d+)(?: 件)?</a>', page)}  # fmt: skip
    assert len(links) >= 5
    for href, number in links.items():
        assert client.get(href).context["count"] == number, href


@pytest.mark.one_database
def test_of_few_cases_nothing_is_told(bank: Bank, handler: Staff) -> None:
    assert "最近一年没有登记投诉" in make.client(handler).get("/complaints/figures/").content.decode()
    answered(received(bank, handler, 60), 3, handler)
    page = strip_tags(make.client(handler).get("/complaints/figures/").content.decode())
    assert "少于 10 件不给统计" in page
    assert "件数太少" in page
    assert "3.0 天" not in page


@pytest.mark.one_database
def test_a_case_answered_again_elsewhere_was_not_resolved_at_the_first_go(bank: Bank, handler: Staff) -> None:
    first = received(bank, handler, 80, customer="c1")
    answered(first, 2, handler)
    second = received(bank, handler, 70, customer="c1", way="supervisor")
    answered(second, 2, handler)
    judged = {each.case.pk: each.judged for each in outcomes(Case.objects.all(), timezone.now())}
    told = judged[first.pk]
    assert told is not None
    assert told.answer is Answer.NO
    assert {str(each) for each in told.reasons} == {"repeated", "regulator"}


@pytest.mark.one_database
def test_who_says_it_again_on_any_channel_came_again_once_it_joins_the_case(
    bank: Bank, lake: Lake, handler: Staff, tmp_path: Path
) -> None:
    bring_in(table(tmp_path / "a.csv", [hers(20)]))
    (voice,) = spoken(lake)
    days_ago = (timezone.now() - voice.said_at).days
    case, of_another = (
        received(bank, handler, days_ago + 20, customer=name) for name in (questions.speaker(lake, voice.id), "c2")
    )
    for each in (case, of_another):
        answered(each, 2, handler)
    join_voice(case.number, voice.id, by=handler)
    judged = {each.case.pk: each.judged for each in outcomes(Case.objects.all(), timezone.now() + timedelta(days=60))}
    assert [str(why) for why in judged[case.pk].reasons] == ["repeated"]
    assert judged[of_another.pk].answer is Answer.YES


@pytest.mark.one_database
def test_the_register_leaves_with_its_count_and_digest_and_without_names(
    bank: Bank, handler: Staff, manager: Staff, stranger: Staff, year: list[Case]
) -> None:
    assert make.client(handler).get("/complaints/register/export/csv/").status_code in {403, 404}
    client = make.client(manager)
    csv = client.get("/complaints/register/export/csv/")
    whole = b"".join(csv.streaming_content)
    assert hashlib.sha256(whole).hexdigest() == csv["X-Huixiang-SHA256"]
    text = whole.decode("utf-8-sig")
    assert text.count("\n") == 13
    assert "王芳" not in text
    assert "13800138000" not in text
    assert f"{year[9].number}" in next(line for line in text.splitlines() if line.startswith(year[11].number))
    late = client.get("/complaints/register/export/xlsx/?late=yes")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(late.streaming_content))).get_sheet_by_index(0)
    assert {row[0] for row in sheet.to_python()[1:]} == {year[8].number, year[9].number}
    last = AuditRecord.objects.filter(verb="complaint.export").first()
    assert last is not None
    assert (last.detail["count"], last.detail["sha256"]) == (2, late["X-Huixiang-SHA256"])
    page = client.get("/complaints/register/").content.decode()
    assert last.detail["sha256"] in page
    assert year[0].number not in make.client(stranger).get("/complaints/register/").content.decode()
    assert "请核对机构号" in client.get("/complaints/register/?unit=nowhere").content.decode()


@pytest.mark.one_database
def test_a_new_pack_is_replayed_over_last_years_cases_of_the_database(
    bank: Bank, handler: Staff, year: list[Case], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shipped_text("cn-2020")
    assert text is not None
    new = tmp_path / "new.toml"
    new.write_text(text.replace("limits = { simple = 15, ", "limits = { simple = 4, "), encoding="utf-8")
    assert cli.main(["complaints", "replay", "--rule-pack", str(new)]) == 0
    told = json.loads(capsys.readouterr().out)
    reply = next(each for each in told["clocks"] if each["clock"] == "reply")
    assert told["cases"] == 12
    assert reply["late_before"] == 3, "that which was merged away has its own clock"
    assert reply["newly_late"] == 8
    short, today = new.read_text("utf-8").replace('version = "', 'version = "own '), timezone.localdate()
    RulePack.objects.create(code="cn-2020", version="own", effective_from=today, text=short, digest="0" * 64)
    assert cli.main(["complaints", "replay", "--rule-pack", str(new)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["old_is_from"], told["cases_judged_otherwise"]) == ("bank", 0), "the bank has them already"
    assert cli.main(["complaints", "replay", "--rule-pack", str(new), "--against", "cn-2020"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["old_is_from"], told["cases_judged_otherwise"]) == ("product", 8)
