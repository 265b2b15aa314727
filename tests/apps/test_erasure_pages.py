"""How does a person have a customer's words erased? Step by step on the page, or by the API; never by one press."""

from __future__ import annotations

from pathlib import Path

import pytest

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.annotation.models import Label
from huixiang.apps.feedback.models import Erasure
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

HER = "C7001"


@pytest.fixture
def voice_id(tmp_path: Path, bank: Bank, lake: Lake) -> str:
    """Hers in the north; she has another there and one in the south."""
    rows = [row(1), *(row(n, 客户=HER, 机构=unit) for n, unit in [(20, "N11"), (21, "N12"), (22, "S11")])]
    bring_in(table(tmp_path / "留言.csv", rows))
    return next(each.id for each in spoken(lake) if each.import_row == 3)


def carry_out() -> None:
    for erasure in Erasure.objects.filter(finished_at=None):
        jobs.perform.call(str(erasure.job_id))  # type: ignore[attr-defined]


def test_from_the_voice_in_two_steps(voice_id: str, quality: Staff, lake: Lake) -> None:
    browser, place = make.client(quality), f"/voices/{voice_id}/erase/"
    assert place in browser.get(f"/voices/{voice_id}/").content.decode()
    step = browser.get(place).content.decode()
    reads = AuditRecord.objects.filter(verb="voice.read").order_by("seq").values_list("on_id", "detail")
    assert list(reads) == [(voice_id, {}), (voice_id, {})], "on its page, and where it is to be erased"
    assert "删除后无法恢复" in step
    assert "全部声音（3 条）" in step
    unsure = browser.post(place, {"what": "voice", "reason": "来函"})
    assert unsure.status_code == 422
    assert "请确认" in unsure.content.decode()
    unreasoned = browser.post(place, {"what": "voice", "sure": "on"})
    assert unreasoned.status_code == 422
    assert not Erasure.objects.exists()
    assert browser.post(place, {"what": "voice", "reason": "来函", "sure": "on"})["Location"] == "/erasures/"
    assert "进行中" in browser.get("/erasures/").content.decode()
    carry_out()
    assert "完成" in browser.get("/erasures/").content.decode()
    assert browser.get(f"/voices/{voice_id}/").status_code == 404
    assert questions.count(lake, Slice()) == 3


def test_by_the_customers_number_which_is_kept_nowhere(voice_id: str, quality: Staff, bank: Bank, lake: Lake) -> None:
    browser = make.client(quality)
    step = browser.post("/erasures/customer/", {"customer": f" {HER.lower()} "})
    assert "全部声音（3 条）" in step.content.decode()
    assert HER not in step.content.decode()
    hidden = step.context["pseudonym"]
    answer = browser.post(
        "/erasures/customer/", {"pseudonym": hidden, "what": "customer", "reason": "来函", "sure": "on"}
    )
    assert answer["Location"] == "/erasures/"
    carry_out()
    assert questions.count(lake, Slice()) == 1
    assert HER not in str(list(AuditRecord.objects.values_list("detail", "on_id")))
    looked_for = AuditRecord.objects.filter(verb="erasure.find").values_list("actor", "detail")
    assert list(looked_for) == [("9002", {"count": 3})]
    rows_alone = browser.post("/erasures/customer/", {"customer": HER}).content.decode()
    assert "清空隔离的行中写有这个客户号的内容" in rows_alone
    regional = make.client(make.staff("1003", bank.north, "quality_manager"))
    nobody = regional.post("/erasures/customer/", {"customer": HER}, follow=True)
    assert "没有这位客户的声音" in nobody.content.decode()


def test_who_has_no_right_or_no_reach_finds_nothing_there(
    voice_id: str, bank: Bank, manager: Staff, auditor: Staff
) -> None:
    southern = make.staff("2005", bank.south, "quality_manager")
    for person in (manager, auditor, southern):
        assert make.client(person).get(f"/voices/{voice_id}/erase/").status_code == 404
    assert "应客户要求删除" not in make.client(manager).get(f"/voices/{voice_id}/").content.decode()
    assert make.client(manager).get("/erasures/").status_code == 404
    step = make.client(southern).post("/erasures/customer/", {"customer": HER})
    assert "全部声音（1 条）" in step.content.decode()


def test_another_system_erases_by_the_same_verb(voice_id: str, quality: Staff, bank: Bank, lake: Lake) -> None:
    api = caller(quality)
    assert api.post(f"/voices/{voice_id}/erase", {"reason": "来函"}).status_code == 422
    assert api.post(f"/voices/{voice_id}/erase", {"reason": "来函", "sure": False}).status_code == 422
    first = api.post(f"/voices/{voice_id}/erase", {"reason": "来函", "sure": True}, key="a")
    again = api.post(f"/voices/{voice_id}/erase", {"reason": "来函", "sure": True}, key="a")
    assert (first.status_code, again.json()) == (202, first.json())
    whole = api.post("/erasures", {"customer": HER, "reason": "来函", "sure": True})
    assert (whole.status_code, whole.json()["voices_count"], whole.json()["finished_at"]) == (202, 3, None)
    carry_out()
    assert all(each["finished_at"] for each in api.get("/erasures").json()["items"])
    assert questions.count(lake, Slice()) == 1
    regional = caller(make.staff("1003", bank.north, "quality_manager"))
    assert regional.post("/erasures", {"customer": "C404", "reason": "来函", "sure": True}).status_code == 404
    assert regional.get("/erasures").json()["items"] == [], "others' erasures are for the whole bank's people"
    assert (
        caller(quality, "voice.see").post("/erasures", {"customer": HER, "reason": "x", "sure": True}).status_code
        == 404
    )


def test_a_certificate_says_what_went_and_that_nothing_is_left(voice_id: str, quality: Staff, lake: Lake) -> None:
    """Handed to the customer: it looks once more through every place, names nobody, and is known by the audit."""
    browser, sure = make.client(quality), {"what": "customer", "reason": "来函", "sure": "on"}
    browser.post("/erasures/customer/", {"pseudonym": questions.speaker(lake, voice_id), **sure})
    erasure = Erasure.objects.get()
    place = f"/erasures/{erasure.pk}/certificate/"
    assert "进行中" in browser.post(place, follow=True).content.decode(), "not before it is done"
    Label.objects.create(task="sentiment", voice_id=voice_id, voice_version=1, value="negative", by=quality)
    carry_out()
    page = browser.post(place)
    assert page["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")
    assert b"/Count 1/" in page.content, "its stamp below all that it certifies"
    told = caller(quality).post(f"/erasures/{erasure.pk}/certificate").json()
    found = {one["place"].partition("：")[0]: (one["found_count"], one["left_count"]) for one in told["places"]}
    assert found["数据湖"] == (3, 0)
    assert found["标注、裁定与锁定的评价集"] == (1, 0), "at once, not at night"
    assert AuditRecord.objects.filter(verb="erasure.certify").latest("seq").detail == {"sha256": told["sha256"]}
    assert "不愿接受调查" in str(told["remarks"]), "what outlives an erasure is told"
    assert HER not in str(told)


def test_no_certificate_where_something_came_back(voice_id: str, quality: Staff) -> None:
    browser = make.client(quality)
    browser.post(f"/voices/{voice_id}/erase/", {"what": "voice", "reason": "来函", "sure": "on"})
    carry_out()
    Label.objects.create(task="sentiment", voice_id=voice_id, voice_version=1, value="negative", by=quality)
    refused = browser.post(f"/erasures/{Erasure.objects.get().pk}/certificate/", follow=True).content.decode()
    assert "仍有内容留在 标注" in refused
