"""What one unit holds, another can neither take over, nor read, nor even learn of by asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def north(bank: Bank) -> Staff:
    return make.staff("3001", bank.north, "quality_manager")


@pytest.fixture
def south(bank: Bank) -> Staff:
    return make.staff("3002", bank.south, "quality_manager")


def test_the_number_of_anothers_voice_does_not_take_it_over(
    tmp_path: Path, north: Staff, south: Staff, lake: Lake
) -> None:
    bring_in(table(tmp_path / "south.csv", [row(2, 机构="S11", 内容="南方的心里话")]), by=south)
    taken = bring_in(table(tmp_path / "north.csv", [row(2, 机构="N11", 内容="x"), row(3, 机构="N11")]), by=north)
    total = account(taken)
    assert (total.read, total.new, total.changed, total.quarantined) == (2, 1, 0, 1)
    (voice,) = spoken(lake, Slice(branches=frozenset({"S11"})))
    assert (voice.text, voice.version) == ("南方的心里话", 1)
    (refused,) = Quarantined.objects.all()
    assert "心里话" not in str(refused.params)
    outcome = actions.retry_rows(refused.of, Quarantined.objects.filter(pk=refused.pk), by=north)
    assert (outcome.still, outcome.new, outcome.changed) == (1, 0, 0)


def test_former_versions_of_another_unit_stay_there(tmp_path: Path, bank: Bank, north: Staff, lake: Lake) -> None:
    bring_in(table(tmp_path / "one.csv", [row(2, 机构="S11", 内容="在南方说的")]))
    bring_in(table(tmp_path / "two.csv", [row(2, 机构="N11", 内容="现归北方")]))  # by the head office, which may
    (voice,) = spoken(lake)
    browser = make.client(north)
    assert "在南方说的" not in browser.get(f"/voices/{voice.id}/").content.decode()
    assert [v.text for v in questions.history(lake, voice.id)] == ["在南方说的"]


def test_what_is_forbidden_is_told_like_what_is_missing(tmp_path: Path, north: Staff, lake: Lake) -> None:
    bring_in(table(tmp_path / "a.csv", [row(1, 机构="S11"), row(2, 机构="S19"), row(3, 机构="N11")]), by=north)
    told = {(each.message, each.params.get("near", "")) for each in Quarantined.objects.all()}
    assert len({message for message, _ in told}) == 1
    assert all("S1" not in near for _, near in told)


def test_rows_of_an_import_that_reaches_further_are_not_opened(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    quality = make.staff("3003", bank.north, "quality_manager")
    head = make.staff("3004", bank.head_office, "quality_manager")
    imported = bring_in(table(tmp_path / "a.csv", [row(1, 机构="S11", 评分="坏"), row(2)]), by=head)
    Import.objects.filter(pk=imported.pk).update(branch=bank.north)
    (refused,) = Quarantined.objects.all()
    assert make.client(head).get(f"/quarantine/{refused.pk}/").status_code == 200
    assert make.client(quality).get(f"/quarantine/{refused.pk}/").status_code == 404
    assert make.client(quality).get(f"/imports/{imported.pk}/quarantine/").status_code == 404
