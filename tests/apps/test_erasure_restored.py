"""A backup from before an erasure is put back, of the lake or of everything: is she erased again?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback import actions, erasing, quarantine, tombstones
from huixiang.apps.feedback.models import Correction, Erasure, Quarantined, Tombstone
from huixiang.channels.contract import Fault
from huixiang.lake.store import Lake
from huixiang.web.commands.readiness import ready_erasures
from tests.apps.arrivals import bring_in, table
from tests.apps.test_erasure import REASON, WORDS, done, her_pseudonym, her_voices, hers, in_any_file
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank


@pytest.fixture
def backup(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, settings: Any) -> Path:
    """The lake before she was erased, with two versions of one voice; she also stands in a row of the quarantine."""
    bring_in(table(tmp_path / "one.csv", [hers(20), hers(20, 内容=f"{WORDS}，又及"), hers(30, 时间="昨天")]))
    waiting = Quarantined.objects.get()
    kept = Path(shutil.copytree(lake.path, tmp_path / "backup"))
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    Quarantined.objects.filter(pk=waiting.pk).update(sealed=waiting.sealed, state="open", emptied_at=None)
    return kept


def all_is_put_back(backup: Path, settings: Any) -> Lake:
    """Also the database: it knows nothing of the erasure. Only the file of the ids stands elsewhere."""
    Tombstone.objects.all().delete()
    Erasure.objects.all().delete()
    settings.LAKE_DIR = backup
    return Lake(backup)


def test_the_file_of_ids_knows_what_a_restored_database_does_not(backup: Path, settings: Any) -> None:
    restored = all_is_put_back(backup, settings)
    assert her_voices(restored)
    assert erasing.finish() == 1
    assert not restored.holds(Tombstone.objects.values_list("pk", flat=True))
    assert WORDS not in in_any_file(backup)
    assert quarantine.fields(Quarantined.objects.get()) == {}, "a row's content is known by its hash"
    again = Erasure.objects.get()
    assert (again.what, again.voices, again.rows, again.by) == ("restored", 1, 1, None)
    verbs = AuditRecord.objects.filter(actor=tombstones.SYSTEM).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["erasure.repeat", "erasure.end"]
    assert erasing.finish() == 0


def test_at_the_start_it_is_a_job(backup: Path, settings: Any) -> None:
    restored = all_is_put_back(backup, settings)
    ready_erasures()
    ready_erasures()
    assert Job.objects.filter(kind="erase", state="waiting").count() == 1
    done(Erasure.objects.get())
    assert not her_voices(restored)


def test_only_the_lake_put_back_and_killed_on_the_way_she_goes_the_next_night(
    backup: Path, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAKE_DIR = backup
    restored = Lake(backup)
    actions.correct_voice(her_voices(restored)[0].id, "sentiment", "neutral", "她说那天哭了", by=quality)
    with monkeypatch.context() as broken:
        dies_after(broken, Lake, "delete")
        with pytest.raises(Killed):
            erasing.finish()
    assert erasing.finish() == 1
    assert WORDS not in in_any_file(backup)
    assert not restored.holds(Tombstone.objects.values_list("pk", flat=True))
    assert not Correction.objects.exists()
    assert AuditRecord.objects.filter(verb="erasure.repeat").count() == 1


@pytest.mark.one_database
def test_the_file_lives_through_torn_lines_and_says_when_it_cannot_be_written(
    backup: Path, settings: Any, tmp_path: Path
) -> None:
    kept = settings.TOMBSTONES.read_text().split()
    assert WORDS not in str(kept)
    settings.TOMBSTONES.write_text(kept[0] + "\n" + kept[1][:11])
    erasing.finish()
    assert set(kept) <= set(settings.TOMBSTONES.read_text().split())
    settings.TOMBSTONES = tmp_path / "one.csv" / "ids"
    with pytest.raises(Fault, match="HUIXIANG_TOMBSTONES"):
        ready_erasures()
