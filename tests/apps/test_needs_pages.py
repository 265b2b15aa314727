"""Can the library be found, read, worked on and taken along? By page and by the API, by whom it is open to."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.needs import actions, evidence
from huixiang.apps.needs.models import Need
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.browser import voices as made
from tests.make import Bank

pytestmark = pytest.mark.one_database


def need(by: Staff, name: str, *terms: str, statement: str = "") -> Need:
    rules = [evidence.rule(evidence.group(["D.beyond.price"], terms), kinds=["demand", "pain_point"])]
    return actions.propose(actions.Wording(name, "demand", statement), rules, by=by)


@pytest.fixture
def heard(lake: Lake, bank: Bank) -> Lake:
    day = timezone.localdate() - timedelta(days=1)
    texts = ["年费扣得莫名其妙，太坑了，请退回", "柜员热情周到", "年费收得太贵，差评"]
    made.fill(lake, [made.record(n, text, day, branch="N11") for n, text in enumerate(texts)])
    return lake


def test_the_list_is_searched_by_one_character_and_filtered(heard: Lake, quality: Staff, clerk: Staff) -> None:
    fee, queue = need(quality, "降低年费", "年费", statement="客户觉得贵"), need(quality, "少排队", "排队", "叫号")
    browser = make.client(quality)

    def found(query: str) -> list[int]:
        return [row.need.pk for row in browser.get(f"/needs/?{query}").context["page"]]

    assert found("") == [fee.pk, queue.pk], "the most important first"
    assert (found("q=贵"), found("q=叫"), found("q=降 贵")) == ([fee.pk], [queue.pk], [fee.pk])
    assert found("q=收费") == found("")
    assert (found("q=%25"), found("q=没有"), found("state=met"), found("topic=D.beyond")) == ([], [], [], found(""))
    actions.assign(queue.pk, "9002", by=quality)
    assert (found("owner=~mine"), found("owner=~nobody"), found("owner=9002")) == ([queue.pk], [fee.pk], [queue.pk])
    assert "没有找到符合条件的需求" in browser.get("/needs/?kind=expectation").content.decode()
    assert make.client(clerk).get("/needs/").status_code == 404


def test_a_need_tells_how_it_is_weighed_and_what_is_not_known(heard: Lake, quality: Staff) -> None:
    page = make.client(quality).get(f"/needs/{need(quality, '降低年费', '年费').pk}/").content.decode()
    for told in (
        "1000 × 频率 × 严重度 × 客户价值",
        "各等级权重相同",
        "有了成对的 Kano 问卷答卷才能归类，现在还没有",
        "过去的数据太短",
        "年费收得太贵",
    ):
        assert told in page
    assert AuditRecord.objects.filter(verb="voice.read", detail__place="need").count() == 1
    assert make.client(quality).get("/needs/999999/").status_code == 404


def test_what_people_left_out_is_shown_page_by_page(lake: Lake, bank: Bank, quality: Staff) -> None:
    day = timezone.localdate() - timedelta(days=1)
    whose = [
        "学生",
        "老人",
        "退伍军人",
        "新市民",
        "出租车司机",
        "小店主",
        "教师",
        "护士",
        "农户",
        "快递员",
        "保洁员",
        "程序员",
        "渔民",
    ]
    made.fill(lake, [made.record(n, f"对{each}来说年费太贵", day, branch="N11") for n, each in enumerate(whose)])
    found = need(quality, "降低年费", "年费")
    for voice in questions.page(lake, Slice()).voices[:12]:
        actions.pin(found.pk, voice.id, False, by=quality)
    browser = make.client(quality)
    first = browser.get(f"/needs/{found.pk}/").context
    assert (len(first["excluded"]), first["total"]) == (10, 1)
    rest = browser.get(f"/needs/{found.pk}/?out={first['excluded_next']}").context
    assert len(rest["excluded"]) == 2
    assert not rest["excluded_next"]
    assert not {each.id for each in first["excluded"]} & {each.id for each in rest["excluded"]}


def test_forms_do_what_the_verbs_do_and_say_what_is_wrong(heard: Lake, quality: Staff, manager: Staff) -> None:
    browser, wording = make.client(quality), {"name": "降低年费", "kind": "demand", "statement": ""}
    assert "请至少选择一个事项" in browser.post("/needs/new/", wording).content.decode()
    page = browser.post("/needs/new/", wording | {"terms": "年费", "unit": ""})["Location"]
    pk = int(page.strip("/").rpartition("/")[2])
    assert browser.post(f"{page}manage/reject/", {"note": ""}).status_code == 422
    assert browser.post(f"{page}manage/confirm/", {"note": "属实"})["Location"] == page
    assert "已确认" in browser.post(f"{page}manage/confirm/", {"note": ""}).content.decode(), "once is enough"
    ruling = {"kind": "product", "title": "免年费卡", "url": "javascript:alert(1)", "decided_on": "2026-01-05"}
    assert browser.post(f"{page}decide/decide/", ruling).status_code == 422
    assert browser.post(f"{page}decide/decide/", ruling | {"url": ""})["Location"] == page
    split = browser.post(f"{page}manage/split/", wording | {"name": "退年费", "terms": "退回"})["Location"]
    assert browser.post(f"{page}manage/merge/", {"into": split.strip("/").rpartition("/")[2]})["Location"] == split
    assert browser.get(f"{page}manage/decide/").status_code == 404, "another right opens that"
    assert make.client(manager).get(f"{page}manage/rename/").status_code == 404, "it is the whole bank's"
    told = browser.get(page).content.decode()
    for deed in ("提出", "确认", "登记决定", "拆分", "并入另一需求", "免年费卡"):
        assert deed in told
    assert Need.objects.get(pk=pk).state == "merged"


def test_the_export_runs_nothing_and_is_recorded(heard: Lake, quality: Staff) -> None:
    need(quality, '=HYPERLINK("http://x")', "年费")
    browser = make.client(quality)
    table = b"".join(browser.get("/needs/export/csv/?q=hyper")).decode()  # type: ignore[call-overload]
    assert "\"'=HYPERLINK" in table
    assert "降" not in table
    with zipfile.ZipFile(io.BytesIO(b"".join(browser.get("/needs/export/xlsx/")))) as book:  # type: ignore[call-overload]
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet
    records = AuditRecord.objects.filter(verb="need.export")
    assert [record.detail["searched"] for record in records.order_by("seq")] == [True, False]
    assert "hyper" not in str([record.detail for record in records])


def test_the_api_speaks_the_same_verbs(heard: Lake, quality: Staff) -> None:
    api = caller(quality)
    wanted = {"name": "降低年费", "kind": "demand", "every": [{"terms": ["年费"]}]}
    made_: Any = api.post("/needs", wanted, key="one").json()
    assert api.post("/needs", wanted, key="one").json() == made_
    place = f"/needs/{made_['id']}"
    told = api.get(place).json()
    assert (told["voices_count"], told["of_count"], told["importance"]["value"]) == (2, 3, 1.0)
    assert len(api.get(f"{place}/voices").json()["items"]) == 2
    assert api.post(f"{place}/turns", {"verb": "confirm"}).json()["state"] == "confirmed"
    refused = api.post(f"{place}/turns", {"verb": "confirm"})
    assert (refused.status_code, "已确认" in refused.json()["detail"]) == (422, True)
    decided = api.post(f"{place}/decisions", {"kind": "none", "title": "维持现状"}).json()
    assert decided["decisions"][0]["title"] == "维持现状"
    part = api.post(f"{place}/split", wanted | {"off": {"terms": ["退回"]}} | {"every": []})
    assert part.status_code == 422, "a misspelt field is refused"
    del wanted["every"]
    part = api.post(f"{place}/split", wanted | {"off": {"terms": ["退回"]}}).json()
    assert api.post(f"{place}/merge", {"into": part["id"]}).json()["id"] == part["id"]
    unknown = api.post("/needs", wanted | {"every": [{"topics": ["C.none"]}]})
    assert (unknown.status_code, "C.none" in unknown.json()["detail"]) == (422, True)
    assert api.get("/needs", topic="C.none").status_code == 422
    said = {"aspects": [{"aspect": "年费", "polarity": "negative"}]}
    by_opinion = api.post("/needs", wanted | {"every": [said]}).json()
    assert by_opinion["rules"][0]["every"] == [{"topics": [], "terms": [], **said}]
    blind = caller(quality, "need.see", "need.manage")
    assert blind.get(place).json()["voices_count"] is None
    assert blind.get(f"{place}/voices").status_code == 404
    assert blind.post(f"{place}/decisions", {"kind": "none", "title": "不"}).status_code == 404
    assert [each["id"] for each in api.get("/needs", state="merged").json()["items"]] == [made_["id"]]
