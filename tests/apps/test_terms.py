"""How long are customers' words kept, and is what is over really gone, without taking what is counted or promised?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.annotation.models import Label
from huixiang.apps.feedback import actions, attachments, certifying, expiring, keeping, own_keeping, returned, terms
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Attachment, Bygone, Correction, Expiry, Import, Quarantined, Term
from huixiang.apps.intake.models import Submission
from huixiang.channels.contract import Fault
from huixiang.lake import expiring as figures
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.schema import FIGURE
from huixiang.lake.store import Lake
from huixiang.lake.traces import traces
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, counts, row, spoken, table
from tests.apps.test_erasure import REASON, done
from tests.apps.test_hotline import came as called
from tests.apps.test_hotline import files as calls  # noqa: F401  # a fixture
from tests.apps.test_hotline import stays
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.apps.test_reputation import spoken as posts  # noqa: F401  # a fixture
from tests.apps.test_set_aside import box, enclosing
from tests.make import Bank

WEBSITE = own_keeping.code_of("website")


def in_force(channel: str, **wanted: Any) -> Term:
    """Set, and the week over in which it can be taken back."""
    actions.settle_term(channel, actions.Wanted(**wanted), sure=True, by="cli:tester")
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {name: yesterday for name, held in (("from_on", "months"), ("rows_from_on", "row_days")) if wanted.get(held)}
    Term.objects.filter(channel=channel).update(**days)
    return terms.of(channel)


def told(months_ago: int, **fields: Any) -> dict[str, str]:
    """A message of the middle of a month so long ago."""
    day = timezone.localdate().replace(day=15)
    for _ in range(months_ago):
        day = (day.replace(day=1) - timedelta(days=1)).replace(day=15)
    return row(months_ago * 3, 时间=f"{day} 09:00:00") | {k: str(v) for k, v in fields.items()}


@pytest.fixture
def file(tmp_path: Path, bank: Bank, lake: Lake) -> Path:
    """Six voices of two years, all of the northern outlet; the oldest is said twice, by two customers."""
    copy = told(24, 编号="W900", 客户="C49")
    return table(tmp_path / "留言.csv", [*(told(each) for each in (24, 20, 15, 6, 2, 0)), copy])


def counted(lake: Lake) -> list[Any]:
    """What pages tell of the whole time."""
    weeks, months = (questions.volume(lake, Slice(), by=by) for by in ("week", "month"))
    columns = [questions.shares(lake, Slice(), column) for column in ("branch", "channel", "kind")]
    return [weeks, months, *columns, questions.mentions(lake, Slice(), "topics"), questions.ratings(lake, Slice())]


def left_on_disk(lake: Lake, ids: set[str]) -> int:
    with lake.writing():
        return traces(lake, ids)


def test_a_term_is_seen_before_it_holds_and_leaves_figures_that_lead_to_nobody(
    file: Path, lake: Lake, quality: Staff
) -> None:
    bring_in(file)
    old = {each.id for each in spoken(lake) if each.said_on.year == 2024}
    page = reverse("retention_channel", args=["website"])
    web = make.client(quality)
    looked = web.post(page, {"months": "12", "manner": "figures", "row_days": "", "look": "1"}).content.decode()
    assert "之前说的 4 条声音" in looked
    unsure = web.post(page, {"months": "12", "manner": "figures", "row_days": ""})
    assert (unsure.status_code, Term.objects.count()) == (200, 0)
    saved = web.post(page, {"months": "12", "manner": "figures", "row_days": "", "sure": "on"})
    assert (saved.status_code, terms.of("website").months) == (302, 12)
    now = timezone.now()
    assert (keeping.clear(now, *own_keeping.VOICES), len(spoken(lake, Slice(query="反映")))) == (0, 7), "not for a week"
    actions.correct_voice(min(old), "sentiment", "neutral", "", by=quality)
    before = counted(lake)

    later = now + timedelta(days=8)
    due = {each.keeping.code: each.due for each in keeping.told(later)}
    gone = keeping.clear(later, *own_keeping.VOICES)
    assert gone == due[WEBSITE] == 4
    assert counted(lake) == before
    assert (left_on_disk(lake, old), Correction.objects.count()) == (0, 0)
    for each in (voice for voice in spoken(lake) if voice.understood_by == FIGURE):
        assert each.said_on.weekday() == 0 or each.said_on.day == 1
        assert not any((each.title, each.text, each.phrases, each.words, each.source_id, each.import_id))
        assert lake.rows("speakers", [each.id]).num_rows == 0
        shown = web.get(reverse("voice", args=[each.id])).content.decode()
        assert "已过保存期限" in shown
    figure = next(each for each in spoken(lake) if each.understood_by == FIGURE)
    with pytest.raises(Fault, match="不能再更正"):
        actions.correct_voice(figure.id, "sentiment", "negative", "", by=quality)
    run = Expiry.objects.get()
    assert (run.voices, bytes(run.salt), run.finished_at is not None) == (gone, b"", True)
    assert AuditRecord.objects.get(verb="voice.expire").detail["count"] == gone
    assert (keeping.clear(later, *own_keeping.VOICES), Expiry.objects.count()) == (0, 1), "the next night finds nothing"

    Term.objects.update(from_on=timezone.localdate())
    file = file.rename(file.with_name("再来.csv"))
    again = account(bring_in(file))
    assert (again.new, again.erased) == (0, 4), "the file comes again, and what is over does not"
    for months in (24, None):
        actions.settle_term("website", actions.Wanted(months=months), sure=True, by="cli:tester")
        again = account(bring_in(file))
        assert (again.new, again.erased) == (0, 4), "nor under a longer term: it would be counted twice"
    assert counted(lake) == before


def test_killed_anywhere_the_next_night_ends_it_and_nothing_is_counted_twice(
    file: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(file)
    before = counted(lake)
    in_force("website", months=12)
    monkeypatch.setattr(expiring, "AT_ONCE", 2)
    for owner, name in ((figures, "expire"), (expiring, "_forget_rows"), (Lake, "exchange"), (Lake, "forget_former")):
        with pytest.MonkeyPatch.context() as patch:
            dies_after(patch, owner, name)
            with pytest.raises(Killed):
                expiring.carry_out("website", timezone.now())
    assert Expiry.objects.filter(finished_at=None).count() == 1
    expiring.carry_out("website", timezone.now())
    assert counted(lake) == before
    assert not Expiry.objects.exclude(salt=b"").exists()
    assert sum(each.understood_by == FIGURE for each in spoken(lake)) == 4


@pytest.mark.one_database
def test_what_was_promised_longer_or_is_being_erased_waits_and_undated_voices_do_not_return(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    undated = told(30, 编号="W901", 时间="", 客户="C1")
    of = bring_in(table(tmp_path / "a.csv", [told(30, 客户="13812345678"), told(24), told(20), undated]))
    assert counts(of)[1] == 4
    promised, erased = sorted((each.id for each in spoken(lake) if each.said_on.year == 2024), key=str)[:2]
    Submission.objects.create(
        voice_id=promised, once="x", code="y", channel="website", keep_until="2099-01-01", batch=of.batches.first()
    )
    erasure = actions.erase_voice(erased, REASON, by=quality)
    in_force("website", months=6, manner="delete")
    later = timezone.now() + timedelta(days=400)
    assert expiring.carry_out("website", later) == 2
    assert {each.id for each in spoken(lake)} == {promised, erased}
    assert certifying.is_clean(done(erasure))
    assert Bygone.objects.get().what == "voice"
    again = account(bring_in(table(tmp_path / "b.csv", [undated])))
    assert (again.new, again.erased) == (0, 1)
    Submission.objects.update(keep_until="2020-01-01")
    assert expiring.carry_out("website", later) == 1
    assert spoken(lake) == []


@pytest.mark.one_database
def test_calls_keep_their_waits_and_lose_their_callers(calls: Path, lake: Lake, quality: Staff) -> None:  # noqa: F811
    for name, form in (("transcripts", "transcripts"), ("queue_log", "queue-log"), ("calls.csv", "call-records")):
        called(calls / name, form)
    waits = sorted((each["queue"], str(each["entered_on"]), each["wait_seconds"] or 0) for each in stays(lake))
    turns = lake.rows("turns", [each.id for each in spoken(lake)]).num_rows
    in_force("hotline", months=6)
    assert turns > 0
    expiring.carry_out("hotline", timezone.now())
    found = stays(lake)
    assert sorted((each["queue"], str(each["entered_on"]), each["wait_seconds"] or 0) for each in found) == waits
    assert not any(each["caller"] or each["customer"] or each["call_id"] for each in found)
    assert lake.engine.fetch(f'SELECT count(*) AS n FROM "{lake.view("turns")}"').to_pylist() == [{"n": 0}]
    assert questions.tally(lake, questions.CallSlice())[0].stays > 0
    (calls / "queue_log").rename(calls / "log")
    assert account(called(calls / "log", "queue-log")).new == 0


@pytest.mark.one_database
def test_rows_that_could_not_be_read_wait_so_many_days_and_the_import_says_so(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    rows = [row(1), *(row(n, 时间="昨天") for n in (2, 3, 4))]
    of = bring_in(table(tmp_path / "odd.csv", rows))
    first, second, _third = of.quarantine.order_by("row")
    voice = actions.mend_row(first, row(2), by=quality) and Quarantined.objects.get(pk=first.pk).voice_id
    actions.discard_rows(of, of.quarantine.filter(pk=second.pk), "测试", by=quality)
    page = reverse("import_detail", args=[of.pk])
    assert "隔离的行保存到" not in make.client(quality).get(page).content.decode()
    in_force("website", row_days=30)
    assert "隔离的行保存到" in make.client(quality).get(page).content.decode()
    assert keeping.clear(timezone.now() + timedelta(days=30), "quarantine") == 0
    later = timezone.now() + timedelta(days=32)
    assert {each.keeping.code: each.due for each in keeping.told(later)}["quarantine"] == 3
    assert (keeping.clear(later, "quarantine"), keeping.clear(later, "quarantine")) == (3, 0)
    states = [each.state for each in of.quarantine.order_by("row")]
    assert states == ["mended", "discarded", "expired"]
    assert counts(of) == (4, 2, 0, 0, 2)
    assert "1 行隔离的行已过保存期限" in make.client(quality).get(page).content.decode()
    assert AuditRecord.objects.get(verb="quarantine.expire").detail == {"rows": 3, "days": 30}
    assert certifying.is_clean(done(actions.erase_voice(str(voice), REASON, by=quality)))


def test_of_a_mended_row_an_erasure_leaves_nothing_and_is_certified(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    of = bring_in(table(tmp_path / "odd.csv", [row(1), row(2, 时间="昨天")]))
    actions.mend_row(of.quarantine.get(), row(2), by=quality)
    erasure = done(actions.erase_voice(of.quarantine.get().voice_id, REASON, by=quality))
    assert certifying.is_clean(erasure)
    assert actions.certify(erasure.pk, by=quality).told["rows"] == 1


@pytest.mark.one_database
def test_an_enclosure_whose_time_is_over_does_not_come_back_with_its_mail(
    tmp_path: Path, quality: Staff, lake: Lake
) -> None:
    read = enclosing("1", b"%PDF-1.7 1", Auto_Submitted="no")
    place = box(tmp_path, read, enclosing("2", b"%PDF-1.7 2"))
    bring_in(place, form="mbox", mapping="")
    assert Attachment.objects.count() == 2
    keeping.clear(timezone.now() + timedelta(days=200), "reached-website", "set_aside")
    assert Attachment.objects.count() == 0
    again = bring_in(box(tmp_path, read, enclosing("2", b"%PDF-1.7 2"), enclosing("3", b"3")), form="mbox", mapping="")
    assert [attachments.content(each) for each in Attachment.objects.all()] == [b"3"]
    assert counts(again)[2] == 2, "the row that waits already too"


@pytest.mark.one_database
def test_everybody_may_know_how_long_and_only_the_whole_banks_staff_set_it(
    file: Path, lake: Lake, bank: Bank, manager: Staff, quality: Staff
) -> None:
    bring_in(file)
    page = make.client(manager).get(reverse("retention")).content.decode()
    assert "这里只看不改" in page
    assert "HUIXIANG_PUBLIC_URL" not in page
    assert "02:30" in page
    assert make.client(manager).get(reverse("retention_channel", args=["website"])).status_code == 404
    mine = {each["code"]: each for each in caller(manager).get("/retention").json()}
    assert (mine[WEBSITE]["stored"], mine[WEBSITE]["due"], mine["quarantine"]["stored"]) == (7, None, None)
    elsewhere = keeping.told(timezone.now(), frozenset({"S11"}))
    assert next(each.stored for each in elsewhere if each.keeping.code == WEBSITE) == 0
    whole = make.client(quality).get(reverse("retention")).content.decode()
    assert "若现在运行" in whole
    assert "HUIXIANG_PUBLIC_URL" not in whole, "nothing leaves this house that could hold a link"

    api, wanted = caller(quality), {"months": 12, "manner": "figures"}
    seen = api.get("/retention/website/voices/effect?months=12").json()
    assert (seen["voices"], seen["from_on"]) == (4, (timezone.localdate() + terms.GRACE).isoformat())
    assert api.put("/retention/website/voices", wanted).status_code == 422
    assert api.put("/retention/website/voices", wanted | {"sure": True}).json()["months"] == 12
    longer = api.put("/retention/website/voices", wanted | {"sure": True, "months": 18}).json()
    assert longer["from_on"] == seen["from_on"]
    assert api.put("/retention/website/voices", {"months": 3}).status_code == 422
    assert api.put("/retention/website/voices", {}).json()["months"] is None
    assert caller(manager).put("/retention/website/voices", wanted).status_code == 404


def reach(lake: Lake) -> list[Any]:
    """How far posts went; how many wrote them is told no longer where nobody knows an author."""
    found = (each for by in ("", "month", "platform") for each in questions.spread(lake, questions.PostSlice(), by=by))
    return [replace(each, authors=0) for each in found]


@pytest.mark.one_database
def test_posts_keep_their_reach_and_lose_their_authors(posts: Import, lake: Lake) -> None:  # noqa: F811
    before = reach(lake)
    in_force("social", months=6)
    later = timezone.now() + timedelta(days=365)
    assert expiring.carry_out("social", later) > 0
    assert reach(lake) == before
    rows = lake.engine.fetch(f'SELECT author, url, content_hash FROM "{lake.view("posts")}"').to_pylist()
    assert not any(value for each in rows for value in each.values())
    assert expiring.carry_out("social", later) == 0


@pytest.mark.one_database
def test_a_mended_row_older_than_its_term_is_told_so(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    of = bring_in(table(tmp_path / "odd.csv", [row(1), row(2, 时间="昨天")]))
    in_force("website", months=6)
    with pytest.raises(Fault, match="不再入库"):
        actions.mend_row(of.quarantine.get(), row(2, 时间="2020-01-05"), by=quality)
    assert of.quarantine.get().state == "open"


def test_what_an_older_database_brings_back_of_voices_that_are_gone_goes_again(
    file: Path, lake: Lake, quality: Staff
) -> None:
    bring_in(file)
    old, kept = (
        next(each.id for each in spoken(lake) if (each.said_on.year == 2024) == is_old) for is_old in (True, False)
    )
    in_force("website", months=12)
    expiring.carry_out("website", timezone.now())
    label = {"task": "sentiment", "voice_version": 1, "value": "negative", "by": quality}
    waits = Submission(voice_id="f" * 24, once="x", code="y", channel="website", keep_until="2099-01-01")
    waits.save()
    for each in (old, kept, waits.voice_id):
        Label.objects.create(voice_id=each, **label)
        attachments.keep(b"%PDF-1.7", voice_id=each, name="a.pdf", media_type="application/pdf")
    later = timezone.now() + returned.OLD
    assert returned.forget(timezone.now()) == 0, "what is young may be of a voice on its way"
    assert (returned.forget(later), returned.forget(later)) == (1, 0)
    left = {kept, waits.voice_id}
    assert (
        {each.voice_id for each in Label.objects.all()} == {each.voice_id for each in Attachment.objects.all()} == left
    )
    assert AuditRecord.objects.get(verb="voice.return").detail["count"] == 1
