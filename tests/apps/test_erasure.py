"""A customer wants her words erased: are they gone everywhere, do they stay gone, and do the accounts stay true?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.utils import timezone

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback import actions, batches, erasing, importing, outside, quarantine, reading
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Correction, Erasure, Import, Quarantined, Tombstone
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import pseudonym
from huixiang.domain.understanding.normal import normalise
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from huixiang.plugins.ledger import Said
from huixiang.plugins.service import CHAT
from tests import make
from tests.apps.arrivals import MAPPING, Silent, begin, bring_in, counts, row, spoken, table
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank

HER = "C7001"
WORDS = "那天只有我一个人在柜台前哭了"
REASON = "客户 11 月 3 日来函要求删除"


def hers(number: int, **fields: Any) -> dict[str, str]:
    return row(number, 客户=HER, 内容=f"{WORDS}（{number}）", 机构="N11") | {k: str(v) for k, v in fields.items()}


@pytest.fixture
def file(tmp_path: Path, bank: Bank, lake: Lake) -> Path:
    """Six voices of others, two of hers in the north, one in the south."""
    return table(tmp_path / "留言.csv", [*(row(n) for n in range(6)), hers(20), hers(21), hers(22, 机构="S11")])


def her_pseudonym(settings: Any) -> str:
    return pseudonym(HER, settings.MASKING_KEY.encode())


def done(erasure: Erasure) -> Erasure:
    assert erasure.job is not None
    jobs.perform.call(str(erasure.job.pk))
    erasure.refresh_from_db()
    return erasure


def her_voices(lake: Lake) -> list[questions.Voice]:
    return sorted(spoken(lake, Slice(query="柜台前哭了")), key=lambda voice: voice.import_row)


def said_outside(title: str, text: str) -> None:
    """What an outside model answered, about this voice and another one."""
    texts = [f"{title}\n{text}", normalise(text), "排队"]  # as the labelling page and as a command ask
    said = [(question.key("m"), question.text) for question in outside.label_questions(texts)]
    with outside.ledger() as book:
        book.keep(CHAT, "m", timezone.localdate(), [Said(key, text, b"{}") for key, text in said])


def in_any_file(folder: Path) -> str:
    """All that the lake's files hold, in every version that is left."""
    rows = "".join(str(pq.ParquetFile(each).read().to_pylist()) for each in folder.rglob("*.parquet"))
    return rows + "".join(each.read_text() for each in folder.rglob("*.json"))


def test_one_voice_goes_with_its_versions_its_corrections_and_its_speaker(
    file: Path, lake: Lake, quality: Staff, tmp_path: Path
) -> None:
    bring_in(file)
    bring_in(table(tmp_path / "later.csv", [hers(20, 内容=f"{WORDS}，现在想开了（20）")]))
    voice = next(each for each in her_voices(lake) if each.version == 2)
    actions.correct_voice(voice.id, "sentiment", "neutral", "再听", by=quality)
    said_outside(voice.title, voice.text)
    erasure = done(actions.erase_voice(voice.id, f"{REASON}，电话13812345678", by=quality, source="10.0.0.8"))
    assert erasure.finished_at is not None
    assert questions.voice(lake, voice.id) is None
    assert len(her_voices(lake)) == 2, "her other voices stay"
    assert not Correction.objects.exists()
    with outside.ledger() as book:
        assert book.kept(CHAT) == 1, "what an outside model said of her goes, of others it stays"
    assert voice.id not in in_any_file(lake.path)
    asked, ended = AuditRecord.objects.filter(on_kind="erasure").order_by("seq")
    assert (asked.verb, asked.actor, asked.source) == ("voice.erase", "9002", "10.0.0.8")
    assert asked.detail == {"what": "voice", "count": 1, "reason": f"{REASON}，电话〔手机〕"}
    assert (ended.verb, ended.detail) == ("erasure.end", {"count": 1, "rows": 0})


@pytest.mark.one_database
def test_all_voices_of_a_customer_go_within_reach_alone(file: Path, lake: Lake, bank: Bank, settings: Any) -> None:
    bring_in(file)
    regional = make.staff("1003", bank.north, "quality_manager")
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=regional))
    assert [voice.branch for voice in her_voices(lake)] == ["S11"]
    assert questions.count(lake, Slice()) == 7
    with pytest.raises(ObjectDoesNotExist):
        actions.erase_customer(her_pseudonym(settings), REASON, by=regional)
    with pytest.raises(ObjectDoesNotExist):
        actions.erase_voice(her_voices(lake)[0].id, REASON, by=regional)


def test_nothing_of_her_is_left_in_lake_or_rows(
    file: Path, lake: Lake, quality: Staff, settings: Any, tmp_path: Path
) -> None:
    bring_in(file)
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    assert WORDS not in in_any_file(lake.path)
    assert her_pseudonym(settings) not in in_any_file(lake.path)
    assert Erasure.objects.get().pseudonym == ""
    assert not list((tmp_path / "journal").glob("*"))


@pytest.mark.one_database
def test_quarantined_rows_that_hold_her_are_emptied_whatever_became_of_them(
    file: Path, lake: Lake, quality: Staff, settings: Any, tmp_path: Path
) -> None:
    odd = [
        hers(30, 时间="昨天"),  # cannot be read: her number stands in it
        hers(31, 时间="昨天"),  # will be mended
        hers(32, 机构="X9"),  # reads well, but there is no such unit
        row(33, 时间="昨天"),  # another customer's
    ]
    refused = bring_in(table(tmp_path / "odd.csv", odd))
    mended = Quarantined.objects.get(row=3)
    actions.mend_row(mended, hers(31, 客户=""), by=quality)  # now it says nothing of a customer
    assert counts(refused) == (4, 1, 0, 0, 3)
    erased = actions.erase_voice(her_voices(lake)[0].id, REASON, by=quality)
    assert done(erased).rows == 1, "the row that was mended into this voice"
    bring_in(file)
    assert done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality)).rows == 2
    states = {each.row: (each.state, quarantine.fields(each)) for each in Quarantined.objects.all()}
    assert [states[n] for n in (2, 3, 4)] == [("erased", {}), ("mended", {}), ("erased", {})]
    assert states[5][0] == "open"
    assert "昨天" in states[5][1].values()
    assert counts(refused) == (4, 1, 0, 0, 3), "the account tells what became of the rows then"
    page = make.client(quality).get(f"/quarantine/{Quarantined.objects.get(row=2).pk}/").content.decode()
    assert WORDS not in page
    assert "已应要求删除" in page


@pytest.mark.one_database
def test_the_same_file_does_not_bring_her_back_and_its_account_says_so(
    file: Path, lake: Lake, quality: Staff, settings: Any
) -> None:
    first = bring_in(file)
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    again = bring_in(file)
    assert (counts(again), account(again).erased) == ((9, 0, 6, 0, 0), 3)
    assert (counts(first), account(first).erased) == ((9, 9, 0, 0, 0), 0)
    assert not her_voices(lake)
    assert "曾删除或已过期限 3" in str(
        importing.closing(account(again)).message % importing.closing(account(again)).params
    )
    pages = [f"/imports/{again.pk}/", "/imports/"]
    assert all("曾删除" in make.client(quality).get(page).content.decode() for page in pages)


@pytest.mark.one_database
def test_changed_out_of_reach_or_refused_and_mended_she_stays_out_too(
    file: Path, lake: Lake, quality: Staff, settings: Any, tmp_path: Path
) -> None:
    bring_in(file)
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    later = [hers(20, 内容=f"{WORDS}，又及"), hers(21, 机构="X9"), hers(22, 时间="昨天")]
    imported = bring_in(table(tmp_path / "later.csv", later))
    assert (counts(imported), account(imported).erased) == ((3, 0, 0, 0, 1), 2)
    (waiting,) = Quarantined.objects.all()
    batch = actions.mend_row(waiting, hers(22), by=quality)
    assert (batch.erased, counts(imported), account(imported).erased) == (1, (3, 0, 0, 0, 0), 3)
    waiting.refresh_from_db()
    assert (waiting.state, quarantine.fields(waiting)) == ("mended", {})
    assert not her_voices(lake)


@pytest.mark.one_database
def test_copies_of_an_erased_voice_stay_voices_of_their_own(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    same = "排队等了一个多小时没人管，实在太久了"
    bring_in(table(tmp_path / "one.csv", [row(n, 内容=same) for n in range(3)]))
    first = next(voice for voice in spoken(lake) if voice.duplicate_of is None)
    done(actions.erase_voice(first.id, REASON, by=quality))
    left = spoken(lake)
    assert sorted(voice.duplicate_of is None for voice in left) == [False, True]
    assert first.id not in in_any_file(lake.path)


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "before anything": lambda patch: dies_after(patch, batches, "turn"),
    "after some rows": lambda patch: dies_after(patch, erasing, "_empty_rows"),
    "after the rows": lambda patch: dies_after(patch, erasing, "_erase_rows"),
    "after the first table": lambda patch: dies_after(patch, Lake, "delete"),
    "after all tables": lambda patch: dies_after(patch, Lake, "purge"),
    "after the lake": lambda patch: dies_after(patch, Lake, "erase"),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_the_next_worker_finishes_it(
    step: str, file: Path, lake: Lake, quality: Staff, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(file)
    bring_in(table(tmp_path / "odd.csv", [hers(30, 时间="昨天")]))
    erasure = actions.erase_customer(her_pseudonym(settings), REASON, by=quality)
    assert erasure.job is not None
    with monkeypatch.context() as broken:
        STEPS[step](broken)
        with pytest.raises(Killed):
            jobs.perform.call(str(erasure.job.pk))
    assert Job.objects.get(pk=erasure.job.pk).state == "waiting"
    assert done(erasure).rows == 1
    assert WORDS not in in_any_file(lake.path)
    assert quarantine.fields(Quarantined.objects.get()) == {}
    assert AuditRecord.objects.filter(verb="erasure.end").count() == 1


def test_at_night_what_no_job_will_finish_is_finished_and_a_restored_backup_erased_again(
    file: Path, lake: Lake, quality: Staff, settings: Any
) -> None:
    bring_in(file)
    erasure = actions.erase_customer(her_pseudonym(settings), REASON, by=quality)
    assert erasing.finish() == 0, "its job still waits, and will do it"
    Job.objects.update(state="failed")
    assert erasing.finish() == 1
    erasure.refresh_from_db()
    assert erasure.finished_at is not None
    assert erasing.finish() == 0
    stones = list(Tombstone.objects.all())
    Tombstone.objects.all().delete()
    bring_in(file)
    Tombstone.objects.bulk_create(stones)  # as if an older lake had been put back
    assert erasing.finish() == 1
    assert not her_voices(lake)


@pytest.mark.one_database
def test_an_import_under_way_neither_loses_count_nor_brings_her_in(
    file: Path, lake: Lake, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """She is erased between two stretches, of which the second would bring her again, changed."""
    table(
        file, [*(row(n) for n in range(6)), hers(20), *(row(n) for n in range(7, 13)), hers(20, 内容=f"{WORDS}，又及")]
    )
    monkeypatch.setattr(reading, "ROWS", 7)
    imported = begin(file)
    with monkeypatch.context() as broken:
        dies_after(broken, batches, "_confirm", lambda batch: batch.number == 1)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    done(actions.erase_voice(her_voices(lake)[0].id, REASON, by=quality))
    importing.run(Silent(), str(imported.pk))
    assert (counts(imported), account(imported).erased) == ((14, 13, 0, 0, 0), 1)
    assert not her_voices(lake)


@pytest.mark.one_database
def test_the_upload_of_a_stopped_import_goes_and_a_file_of_ones_own_stays(
    file: Path, lake: Lake, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS", 8)
    draft = actions.receive_upload(file.name, [file.read_bytes()], by=quality)
    job = actions.begin_import(draft, actions.Choice("csv", MAPPING), by=quality)
    with monkeypatch.context() as broken:
        dies_after(broken, batches, "_confirm")
        with pytest.raises(Killed):
            importing.run(Silent(), str(draft.pk))
    jobs.cancel(job, quality)
    upload = Path(Import.objects.get().path)
    assert upload.exists()
    done(actions.erase_voice(her_voices(lake)[0].id, REASON, by=quality))
    assert not upload.exists()
    assert file.exists()
    with pytest.raises(Fault, match="请重新上传同一文件"):
        importing.run(Silent(), str(draft.pk))


@pytest.mark.one_database
def test_it_needs_the_right_a_reason_and_is_asked_once(
    file: Path, lake: Lake, quality: Staff, manager: Staff, settings: Any
) -> None:
    bring_in(file)
    voice = her_voices(lake)[0]
    with pytest.raises(PermissionDenied):
        actions.erase_voice(voice.id, REASON, by=manager)
    with pytest.raises(Fault, match="请说明"):
        actions.erase_voice(voice.id, "  ", by=quality)
    assert not Tombstone.objects.exists()
    actions.erase_voice(voice.id, REASON, by=quality)
    with pytest.raises(Fault, match="已在删除之中"):
        actions.erase_voice(voice.id, REASON, by=quality)
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    assert [each.voice_id for each in Tombstone.objects.filter(erasure__what="voice")] == [voice.id]
