"""A customer's words also lie in quarantine: are they gone from there, and from there alone where one may reach?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, batches, erasing, mending, quarantine
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.landing import Landing
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import bring_in, counts, row, table
from tests.apps.test_erasure import REASON, WORDS, done, her_pseudonym, her_voices, hers
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.make import Bank


@pytest.fixture
def odd(tmp_path: Path, bank: Bank, lake: Lake) -> Import:
    """Four rows that cannot be read, the first of them hers, and one that can."""
    unread = [hers(30, 时间="昨天"), *(row(40 + n, 时间="昨天") for n in range(3)), row(50)]
    return bring_in(table(tmp_path / "odd.csv", unread))


def test_who_tries_rows_again_does_not_bring_back_what_was_erased_meanwhile(
    odd: Import, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = actions.erase_customer(her_pseudonym(settings), REASON, by=quality)
    reader = mending.reader

    def after_the_erasure(*args: Any) -> Any:
        done(erasure)
        return reader(*args)

    monkeypatch.setattr(mending, "reader", after_the_erasure)
    outcome = actions.retry_rows(odd, odd.quarantine.all(), by=quality)
    assert (outcome.still, outcome.closed) == (3, 1)
    assert quarantine.fields(Quarantined.objects.get(row=2)) == {}


def test_of_a_mended_table_only_the_row_erased_meanwhile_stays_out(
    odd: Import, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = actions.erase_customer(her_pseudonym(settings), REASON, by=quality)
    mended = [(each, quarantine.fields(each) | {"时间": "2026-01-05 10:00"}) for each in odd.quarantine.all()]
    approach = Landing.approach

    def after_the_erasure(self: Landing, *args: Any) -> Any:
        done(erasure)
        return approach(self, *args)

    monkeypatch.setattr(Landing, "approach", after_the_erasure)
    outcome = mending.mend(odd, mended, quality, lambda batch: None)
    assert (outcome.new, outcome.closed) == (3, 1)
    assert counts(odd) == (5, 4, 0, 0, 1)


def test_a_row_mended_into_what_the_lake_knew_already_is_emptied_with_it(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff
) -> None:
    bring_in(table(tmp_path / "first.csv", [hers(20)]))
    bring_in(table(tmp_path / "odd.csv", [hers(20, 时间="昨天", 客户="")]))
    waiting = Quarantined.objects.get()
    assert actions.mend_row(waiting, hers(20), by=quality).same == 1
    assert done(actions.erase_voice(her_voices(lake)[0].id, REASON, by=quality)).rows == 1
    waiting.refresh_from_db()
    assert (waiting.state, quarantine.fields(waiting)) == ("mended", {})


def test_a_row_mended_into_an_erased_voice_is_empty_wherever_the_process_dies(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(table(tmp_path / "first.csv", [hers(20)]))
    done(actions.erase_voice(her_voices(lake)[0].id, REASON, by=quality))
    bring_in(table(tmp_path / "odd.csv", [hers(20, 时间="昨天")]))
    waiting = Quarantined.objects.get()
    with monkeypatch.context() as broken:
        dies_after(broken, batches, "_confirm")
        with pytest.raises(Killed):
            actions.mend_row(waiting, hers(20), by=quality)
    waiting.refresh_from_db()
    assert (waiting.state, quarantine.fields(waiting)) == ("mended", {})


def test_rows_alone_are_erased_for_the_whole_bank_and_do_not_wait_again(
    odd: Import, lake: Lake, quality: Staff, settings: Any, tmp_path: Path
) -> None:
    """She has no voice: her number stands in a row that could not be read. The same file comes once more."""
    erasure = done(actions.erase_customer(her_pseudonym(settings), REASON, by=quality))
    assert (erasure.voices, erasure.rows) == (0, 1)
    again = bring_in(tmp_path / "odd.csv")
    assert (counts(again), account(again).erased) == ((5, 0, 4, 0, 0), 1), "the three others wait already"
    assert not [each for each in again.quarantine.all() if WORDS in str(quarantine.fields(each))]


def test_what_stands_in_rows_of_other_units_is_not_a_region_s_to_erase(
    bank: Bank, lake: Lake, settings: Any, tmp_path: Path
) -> None:
    southern = make.staff("2005", bank.south, "quality_manager")
    bring_in(table(tmp_path / "north.csv", [hers(20), hers(21, 机构="S11")]))
    bring_in(table(tmp_path / "south.csv", [hers(60, 机构="S11", 时间="昨天")]), by=southern)
    regional = make.staff("1003", bank.north, "quality_manager")
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=regional))
    assert WORDS in str(quarantine.fields(Quarantined.objects.get()))
    done(actions.erase_customer(her_pseudonym(settings), REASON, by=southern))
    assert quarantine.fields(Quarantined.objects.get()) == {}
    assert erasing.finish() == 0
