"""How far is an import? A true share of the file, whatever its format; where none can be known, the rows read alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job, Staff
from huixiang.apps.feedback import importing, reading
from huixiang.apps.feedback.actions import Choice, begin_import, receive_upload
from huixiang.apps.feedback.models import Import
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import MAPPING, Silent, begin, row, table
from tests.make import Bank

JSON = MAPPING.replace('"csv"', '"jsonl"')


@pytest.mark.one_database
def test_each_stretch_tells_its_share_of_the_file(
    tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS", 1_000)
    path = tmp_path / "留言.json"
    path.write_text(json.dumps([row(number) for number in range(4_000)], ensure_ascii=False), "utf-8")
    hears = Silent()
    importing.run(hears, str(begin(path, form="jsonl", mapping=JSON).pk))
    shares = [share for _done, share in hears.told if share is not None]
    assert len(shares) == 4
    assert shares == sorted(shares)
    assert 0.1 < shares[0] < 0.5
    assert shares[-1] == 1.0


@pytest.mark.one_database
def test_the_page_shows_the_share_and_without_one_only_the_rows(tmp_path: Path, quality: Staff, lake: Lake) -> None:
    path = table(tmp_path / "留言.csv", [row(number) for number in range(6)])
    draft = receive_upload(path.name, [path.read_bytes()], by=quality)
    job = begin_import(draft, Choice("csv", MAPPING), by=quality)
    page, api = f"/imports/{draft.pk}/progress/", caller(quality)
    Job.objects.filter(pk=job.pk).update(state="running", done=3, done_share=0.437)
    shown = make.client(quality).get(page).content.decode()
    assert "已处理 3 行 · 已读文件的 43%" in shown
    assert api.get(f"/jobs/{job.pk}").json()["done_share"] == 0.437
    assert "3 · 43%" in make.client(quality).get("/jobs/").content.decode()
    Job.objects.filter(pk=job.pk).update(done_share=None)
    unknown = make.client(quality).get(page).content.decode()
    assert "已处理 3 行" in unknown
    assert "%</p>" not in unknown


@pytest.mark.one_database
def test_at_its_end_all_rows_are_all_there_were(tmp_path: Path, quality: Staff, lake: Lake) -> None:
    path = table(tmp_path / "留言.csv", [row(number, 内容="一行\n又一行") for number in range(6)])
    draft = receive_upload(path.name, [path.read_bytes()], by=quality)
    jobs.perform.call(str(begin_import(draft, Choice("csv", MAPPING), by=quality).pk))
    job = Import.objects.get().job
    assert job is not None
    assert (job.done, job.total, job.percent, job.done_share) == (6, 6, 100, 1.0)
