"""Can everybody who works here say what would be better, be answered, be thanked, and stay unknown who wishes so?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, RememberedAnswer, Staff
from huixiang.apps.ideas import actions, recognition
from huixiang.apps.ideas.actions import Wanted
from huixiang.apps.ideas.models import Idea
from huixiang.apps.intake.models import Attempt
from huixiang.channels.contract import Fault
from tests import make
from tests.apps.api import caller
from tests.make import Bank

SLOW = Wanted("叫号机常卡纸", "早高峰每天卡两三次，客户重新取号。建议换热敏机。", "problem", "system")
DAY = timedelta(days=1)
FORM = {"kind": "problem", "about": "system", "title": SLOW.title, "text": SLOW.text}


@pytest.mark.one_database
def test_from_the_counter_to_an_outcome_that_all_can_see(clerk: Staff, manager: Staff, stranger: Staff) -> None:
    mine, hers = make.client(clerk), make.client(manager)
    page = mine.get("/ideas/new/")
    sent = FORM | {"key": page.context["form"]["key"].value(), "text": f"{SLOW.text}客户张伟 13800138000 很生气"}
    first, again = mine.post("/ideas/new/", sent), mine.post("/ideas/new/", sent)
    idea = Idea.objects.get()
    assert first["Location"] == again["Location"] == f"/ideas/{idea.pk}/", "pressed twice, filed once"
    assert "13800138000" not in idea.text
    assert make.client(stranger).get(f"/ideas/{idea.pk}/").status_code == 404, "another branch's"
    assert hers.post(f"/ideas/{idea.pk}/adopt/", {"note": ""}).status_code == 422, "thanks alone is no answer"
    hers.post(f"/ideas/{idea.pk}/adopt/", {"note": "十二月换两台热敏机"})
    assert "1 条新答复" in mine.get("/ideas/").content.decode()
    assert "十二月换两台热敏机" in mine.get(f"/ideas/{idea.pk}/").content.decode()
    assert "条新答复" not in mine.get("/ideas/").content.decode(), "she has read it"
    assert make.client(stranger).get(f"/ideas/{idea.pk}/").status_code == 200, "what is taken up, all may see"
    make.client(stranger).post(f"/ideas/{idea.pk}/support/")
    assert "1 位同事也遇到过" in hers.get(f"/ideas/{idea.pk}/").content.decode()
    with pytest.raises(Fault, match="不能这样办理"):
        actions.turn_idea(idea.pk, "decline", "不了", by=manager)


def in_company(bank: Bank, count: int = 9) -> None:
    for number in range(count):
        make.staff(f"55{number}", bank.north_outlet_2, "staff")


def test_of_an_unsigned_idea_nothing_tells_whose_it_is(clerk: Staff, stranger: Staff, bank: Bank) -> None:
    in_company(bank)
    browser = make.client(clerk)
    sent = FORM | {"is_unsigned": "on", "key": browser.get("/ideas/new/").context["form"]["key"].value()}
    assert browser.post("/ideas/new/", sent)["Location"] == "/ideas/", "not to its page: that visit would tell"
    idea = Idea.objects.get()
    assert idea.by is None
    assert idea.unit != clerk.posts.get().unit, "the unit above: where five people work, the unit is a name"
    assert not AuditRecord.objects.filter(verb="idea.file").exists(), "its second, beside a log-in, would tell"
    assert not Attempt.objects.exists(), "nor is counted in a row who sent it"
    assert (actions.note_unsigned(idea.filed_on), actions.note_unsigned(idea.filed_on + DAY)) == (0, 1)
    assert actions.note_unsigned(idea.filed_on + DAY) == 0
    noted = AuditRecord.objects.get(verb="idea.unsigned")
    assert (noted.actor, noted.source, noted.on_id) == (actions.UNSIGNED, "", str(idea.filed_on))
    assert browser.get(f"/ideas/{idea.pk}/").status_code == 200, "its author finds the answer, as all there do"
    assert make.client(stranger).get(f"/ideas/{idea.pk}/").status_code == 404, "another city's"
    with connection.cursor() as cursor:  # neither in a column that somebody may add later
        cursor.execute("SELECT * FROM ideas_idea")
        assert clerk.pk not in [
            value for value in cursor.fetchone()[1:] if type(value) is int and value != idea.unit_id
        ]
    assert actions.file_idea(Wanted(SLOW.title, SLOW.text, is_signed=False), sent["key"], by=clerk).pk == idea.pk


@pytest.mark.one_database
def test_where_few_work_an_unsigned_idea_goes_higher_and_its_count_is_not_told(
    clerk: Staff, manager: Staff, quality: Staff, bank: Bank
) -> None:
    """A branch of two: of one unsigned idea her manager would know whose it is."""
    unsigned = Wanted("排班", "总是同样的人值周末", is_signed=False)
    idea = actions.file_idea(unsigned, "k1", by=clerk)
    assert idea.unit == bank.head_office, "the first in which ten work, or the whole bank"
    assert make.client(clerk).get(f"/ideas/{idea.pk}/").status_code == 200, "and she finds the answer still"
    today = timezone.localdate()
    of = {each.unit.code: each for each in recognition.branches(quality, today, today)}
    head = of[bank.head_office.code]
    assert (head.filed, head.unsigned) == (0, None), "neither told nor to be reckoned from a sum"
    assert "不足 10" in make.client(quality).get("/ideas/recognition/").content.decode()
    in_company(bank)
    assert actions.file_idea(unsigned, "k2", by=clerk).unit == bank.north_branch


def test_the_limit_of_unsigned_ones_holds_for_all_processes_and_names_nobody(
    clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_UNSIGNED_A_DAY", 2)
    for number in range(2):
        actions.file_idea(Wanted(f"{number}", "x", is_signed=False), f"k{number}", by=clerk)
    cache.clear()  # as another process, that has counted nothing
    with pytest.raises(Fault, match="或署名提出"):
        actions.file_idea(Wanted("多", "x", is_signed=False), "more", by=clerk)
    assert not Attempt.objects.exists()


@pytest.mark.one_database
def test_about_ones_own_superior_only_head_office_reads(clerk: Staff, manager: Staff, quality: Staff) -> None:
    idea = actions.file_idea(Wanted("排班不公", "总是同样的人值周末", is_confidential=True), "k1", by=clerk)
    assert make.client(manager).get(f"/ideas/{idea.pk}/").status_code == 404
    assert make.client(manager).post(f"/ideas/{idea.pk}/decline/", {"note": "没有的事"}).status_code == 404
    assert make.client(clerk).get(f"/ideas/{idea.pk}/").status_code == 200
    actions.turn_idea(idea.pk, "adopt", "改为轮流", by=quality)
    assert make.client(manager).get(f"/ideas/{idea.pk}/").status_code == 404, "also afterwards"


@pytest.mark.one_database
def test_who_moved_the_bank_is_counted_in_people_not_in_pieces(clerk: Staff, manager: Staff, quality: Staff) -> None:
    for number in range(3):
        actions.file_idea(Wanted(f"第 {number} 条", "内容"), f"k{number}", by=clerk)
    actions.file_idea(Wanted("不署名的", "内容", is_signed=False), "k9", by=clerk)
    adopted = Idea.objects.filter(by=clerk).first()
    assert adopted is not None
    for verb in ("adopt", "finish"):
        actions.turn_idea(adopted.pk, verb, "已经做了", by=manager)
    today = timezone.localdate()
    (person,) = recognition.people(manager, today, today)
    assert (person.filed, person.taken_up, person.done) == (3, 1, 1)
    of = {each.unit.code: each for each in recognition.branches(quality, today, today)}
    own = of[clerk.posts.get().unit.code]
    assert (own.authors, own.filed, own.unsigned) == (1, 3, 0)
    page = make.client(manager).get("/ideas/recognition/").content.decode()
    assert clerk.name in page
    table = b"".join(make.client(manager).get("/ideas/recognition/export/")).decode()  # type: ignore[arg-type]
    assert f"{clerk.number},{clerk.name},3,1,1,0" in table
    assert make.client(clerk).get("/ideas/recognition/").status_code == 404


@pytest.mark.one_database
def test_who_floods_is_slowed_and_words_are_wanted(clerk: Staff) -> None:
    with pytest.raises(Fault, match="标题和内容"):
        actions.file_idea(Wanted(" ", "x"), "k", by=clerk)
    cache.clear()
    for is_signed in (True, False):
        for number in range(actions.MOST_AN_HOUR):
            actions.file_idea(Wanted(f"{number}", "x", is_signed=is_signed), f"k{number}", by=clerk)
        with pytest.raises(Fault, match="一小时内最多"):
            actions.file_idea(Wanted("多", "x", is_signed=is_signed), "more", by=clerk)


@pytest.mark.one_database
def test_nobody_takes_up_her_own_idea_and_is_honoured_for_it(manager: Staff, quality: Staff) -> None:
    own = actions.file_idea(Wanted("大堂加一把椅子", "老人站着等"), "k1", by=manager)
    assert "/adopt/" not in make.client(manager).get(f"/ideas/{own.pk}/").content.decode()
    with pytest.raises(Fault, match="另一位同事"):
        actions.turn_idea(own.pk, "adopt", "我很赞成", by=manager)
    assert "/adopt/" in make.client(quality).get(f"/ideas/{own.pk}/").content.decode()
    actions.turn_idea(own.pk, "adopt", "每个网点都加", by=quality)


@pytest.mark.one_database
def test_another_system_files_and_answers_by_the_same_verbs(manager: Staff, quality: Staff) -> None:
    api = caller(manager)
    made = api.post("/ideas", {"title": "扫码取号", "text": "让客户在家取号", "key": "from-the-intranet"})
    assert made.status_code == 201
    unsigned = {"title": "x", "text": "y", "key": "drawn-once", "is_signed": False}
    kept = api.post("/ideas", unsigned, key="k1")
    assert (kept.status_code, RememberedAnswer.objects.count(), Idea.objects.count()) == (422, 0, 1)
    answer = {"verb": "consider", "note": "信息科一周内答复"}
    turned = caller(quality).post(f"/ideas/{made.json()['id']}/turn", answer).json()
    assert (turned["state"], turned["steps"][0]["note"]) == ("considered", "信息科一周内答复")
    assert [each["id"] for each in api.get("/ideas").json()["items"]] == [turned["id"]]
