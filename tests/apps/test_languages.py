"""Is what a job and a file's faults say told in the reader's language, whoever caused it in which?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job
from huixiang.apps.access.sentences import Sentence, told
from huixiang.apps.feedback import actions, importing
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from tests import make
from tests.apps.arrivals import MAPPING, Silent, bring_in, row, table

pytestmark = pytest.mark.one_database


@pytest.fixture
def reader(quality: Any) -> Any:
    """A colleague who reads English."""
    browser = make.client(quality)
    browser.cookies["django_language"] = "en"
    return browser


def test_a_job_queued_and_done_in_chinese_is_read_in_english(
    quality: Any, reader: Any, lake: Any, tmp_path: Path
) -> None:
    path = table(tmp_path / "留言.csv", [row(number) for number in range(1200)])
    draft = actions.receive_upload(path.name, [path.read_bytes()], by=quality)
    with override("zh-hans"):
        job = actions.begin_import(draft, actions.Choice("csv", MAPPING), by=quality)
        jobs.perform.call(str(job.pk))
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.percent) == ("done", 1200, 1200, 100), "the header is no row"
    shown = reader.get(reverse("jobs")).content.decode()
    assert "Import of 留言.csv" in shown
    assert "Read 1,200 rows" in shown
    with override("zh-hans"):
        assert job.outcome.startswith("读取 1,200 行")


def test_a_refused_file_tells_its_reason_in_english_and_its_own_name(
    quality: Any, reader: Any, lake: Any, tmp_path: Path
) -> None:
    path = table(tmp_path / "坏.csv", [row(number, 时间="昨天") for number in range(1000)])
    draft = actions.receive_upload(path.name, [path.read_bytes()], by=quality)
    job = actions.begin_import(draft, actions.Choice("csv", MAPPING), by=quality)
    jobs.perform.call(str(job.pk))
    assert Job.objects.get().state == "failed"
    pages = [reverse("jobs"), reverse("import_detail", args=[draft.pk])]
    for shown in (reader.get(page).content.decode() for page in pages):
        assert "None of the first 1,000 rows can be read" in shown
        assert "Row 2, column “时间”: “…” is relative" in shown, "the reason too, without what it would quote of a cell"
        assert shown.count("Row 2") == 1, "told once"
        assert "昨天" not in shown
        assert "无一可读" not in shown
    gone = actions.receive_upload("走了.csv", [b"a,b\n"], by=quality)
    actions.begin_import(gone, actions.Choice("csv", MAPPING), by=quality)
    with pytest.raises(Fault) as told_by:
        importing.run(Silent(), str(gone.pk))
    assert "走了.csv" in str(told_by.value)
    assert str(gone.pk) not in str(Import.objects.get(pk=gone.pk).fault)


def test_what_the_gate_says_is_in_english_too(bank: make.Bank, manager: Any, lake: Any, tmp_path: Path) -> None:
    bring_in(table(tmp_path / "a.csv", [row(1, 机构="N13")]))
    fault = Quarantined.objects.get()
    with override("en"):
        assert told(fault.message, fault.params).startswith("Row 2, column “机构”: there is no unit code “…”")


def test_an_old_job_whose_sentences_were_kept_whole_is_told_as_it_stands(db: None) -> None:
    job = Job(title_message="导入 100%.csv", outcome_message="读取 5 行")
    assert (job.title, job.outcome) == ("导入 100%.csv", "读取 5 行")
    assert told(*Sentence("读取 %(read)s", {"read": 33788})) == "读取 33,788"
