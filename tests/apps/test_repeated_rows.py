"""What if a file whose rows could not be read comes twice? Each waits once, and what became of it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, batches, importing, quarantine, repeated
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import MAPPING, Silent, begin, bring_in, counts, row, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def file(tmp_path: Path, bank: Bank, lake: Lake) -> Path:
    """Two good rows; three that nobody can read as they stand, of which two say the same."""
    bad = [row(3, 机构="N13"), row(4, 时间="前天"), row(4, 时间="前天"), row(5, 评分="11")]
    return table(tmp_path / "留言.csv", [row(0), row(1), *bad])


def open_rows() -> list[tuple[int, str]]:
    return list(Quarantined.objects.filter(state="open").order_by("pk").values_list("row", "column"))


def test_mended_given_up_or_waiting_a_row_that_comes_again_stays_what_it_became(
    file: Path, quality: Staff, lake: Lake
) -> None:
    first = bring_in(file)
    mended, given_up = Quarantined.objects.get(row=4), Quarantined.objects.get(row=7)
    actions.mend_row(mended, quarantine.fields(mended) | {"机构": "N12"}, by=quality)
    actions.discard_rows(first, first.quarantine.filter(pk=given_up.pk), "测试数据", by=quality)
    before, voices = open_rows(), questions.count(lake, Slice())
    again = bring_in(file)
    assert (counts(first), counts(again)) == ((6, 3, 0, 0, 3), (6, 0, 6, 0, 0))
    assert (open_rows(), questions.count(lake, Slice())) == (before, voices)
    assert repeated.standing(again) == {"mended": 1, "open": 2, "discarded": 1}
    assert not any(quarantine.fields(each) for each in again.quarantine.all()), "what stood there stands once"
    browser = make.client(quality)
    page = browser.get(f"/imports/{again.pk}/").content.decode()
    assert "有 4 行是此前已隔离的同一行" in page
    assert "待修正 2，已修正入库 1，已放弃 1" in page
    listed = browser.get(f"/imports/{again.pk}/quarantine/?state=repeated").content.decode()
    assert listed.count("此前已隔离</span>") == 4
    assert "%(" not in listed, "and why each was refused"
    one = again.quarantine.get(row=7)
    assert "“留言.csv”第 7 行，已放弃" in browser.get(f"/quarantine/{one.pk}/").content.decode()
    told = caller(quality).get(f"/imports/{again.pk}/quarantine?state=repeated").json()["items"]
    assert [each["first_id"] for each in told] == list(again.quarantine.values_list("first_id", flat=True))
    assert caller(quality).get(f"/imports/{again.pk}/quarantine?state=open").json()["items"] == []
    assert "".join(quarantine.export(again.quarantine.filter(state="open"))).count("\n") == 1
    assert actions.discard_rows(again, again.quarantine.all(), "全部", by=quality) == 0
    waiting = first.quarantine.get(row=5)
    actions.mend_row(waiting, quarantine.fields(waiting) | {"时间": "2026-05-01"}, by=quality)
    third = bring_in(file)
    assert repeated.standing(third) == {"open": 2, "mended": 1, "discarded": 1}, "its twin still waits"
    assert questions.count(lake, Slice()) == voices + 1


def test_read_another_way_it_is_another_row_and_what_is_over_waits_anew(file: Path, tmp_path: Path) -> None:
    bring_in(file)
    other = bring_in(file, mapping=MAPPING.replace('"website"', '"suggestion_box"'))
    assert counts(other)[4] == 4
    rows = list(Quarantined.objects.filter(of=other))
    for each in rows:
        quarantine.emptied(each, Quarantined.State.EXPIRED)
    Quarantined.objects.bulk_update(rows, quarantine.EMPTIED)
    assert counts(bring_in(file, mapping=other.mapping))[4] == 4
    blank = table(tmp_path / "空.csv", [row(0), row(1) | dict.fromkeys(row(1), "")])
    longer = table(tmp_path / "空2.csv", [row(0), row(2), row(1) | dict.fromkeys(row(1), "")])
    assert [counts(bring_in(each))[4] for each in (blank, blank, longer)] in ([1, 0, 1], [0, 0, 0])


def test_killed_while_it_comes_again_it_counts_once_and_old_rows_are_known_after_a_night(
    file: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(file)
    Quarantined.objects.update(mark="")  # from before rows were known by a mark
    assert (repeated.mark_old(), repeated.mark_old()) == (4, 0)
    again = begin(file)

    class Killed(BaseException):
        pass

    def dying(batch: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(batches, "_confirm", dying)
        with pytest.raises(Killed):
            importing.run(Silent(), str(again.pk))
    importing.run(Silent(), str(again.pk))
    assert (account(again).same, again.quarantine.count(), len(open_rows())) == (6, 4, 4)
    assert Import.objects.count() == 2
