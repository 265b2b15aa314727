"""Does anything that names a customer stand outside the seal, in a field where nobody thinks of it?"""

from __future__ import annotations

import io
import json
import logging
import os
from contextlib import redirect_stderr
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from gunicorn.config import Config

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions, importing, interpreter, quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.store import Lake
from huixiang.web import gunicorn_log, logs
from tests import make
from tests.apps.arrivals import HEADER, MAPPING, Silent, bring_in, content, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

PHONE, NAME = "13812345678", "王芳"
BRANCH = f"{NAME}家{PHONE}"


def rows_in_database() -> str:
    """All rows of our own, as text."""
    models = [model for name in ("access", "feedback") for model in apps.get_app_config(name).get_models()]
    return "".join(serializers.serialize("json", model.objects.all(), ensure_ascii=False) for model in models)


def test_a_refused_cell_is_quoted_only_inside_the_seal(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    imported = bring_in(table(tmp_path / "a.csv", [row(1, 机构=BRANCH), row(2, 评分=f"{NAME}很好"), row(3)]))
    assert NAME not in rows_in_database()
    assert PHONE not in rows_in_database()
    listed = make.client(quality).get(f"/imports/{imported.pk}/quarantine/").content.decode()
    assert "机构号“…”不存在" in listed
    assert NAME not in listed
    waiting = Quarantined.objects.get(row=2)
    page = make.client(quality).get(f"/quarantine/{waiting.pk}/").content.decode()
    assert f"机构号“{BRANCH}”不存在" in page
    assert f"机构号“{BRANCH}”不存在" in "".join(quarantine.export(imported.quarantine.all()))


def test_a_wrong_mapping_is_told_without_what_stood_in_the_row(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = table(tmp_path / "a.csv", [row(number, 时间=BRANCH) for number in range(1100)])
    with pytest.raises(Fault) as fault:
        bring_in(path)
    assert NAME not in str(fault.value)
    assert NAME not in rows_in_database()


def test_the_preview_is_masked_before_it_is_cut_and_each_look_is_recorded(bank: Bank, quality: Staff) -> None:
    said = "好" * 290 + PHONE
    cells = [row(1, 内容=said), row(2, 时间=f"{PHONE}号"), row(3, 机构=PHONE)]
    lines = [",".join(HEADER), *(",".join(each.values()) for each in cells)]
    upload = SimpleUploadedFile(f"{PHONE}.csv", "\n".join(lines).encode())
    browser = make.client(quality)
    place = browser.post("/imports/new/", {"file": upload})["Location"]
    shown = browser.get(place, {"format": "csv", "mapping": MAPPING, "by": "text"})
    page = shown.content.decode()
    assert len(shown.context["samples"]) == 3
    assert shown.context["samples"][0].text.endswith("好〔手机〕")
    assert PHONE[:5] not in page
    assert AuditRecord.objects.filter(verb="import.preview", actor="9002").count() == 1


def test_a_column_that_is_called_after_a_customer_is_masked_in_its_name_too(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    """Somebody cut the header off: the first row's cells became the names of the columns."""
    path = tmp_path / "无表头.csv"
    others = [f"{NAME}{PHONE}", "13987654321", PHONE, "设备型号", "客户姓名"]
    path.write_text(f"编号,内容,{','.join(others)}\nW1,转账总是闪退,甲,乙,丙,Mate 60,{NAME}\n", "utf-8")
    bring_in(path, mapping='format = "csv"\nchannel = "website"\n[columns]\nsource_id = "编号"\ntext = "内容"\n')
    (voice,) = spoken(lake)
    extra = json.loads(voice.extra)
    assert PHONE not in voice.extra
    assert NAME not in voice.extra
    assert {"〔手机〕": "乙", "〔手机〕 (2)": "丙"}.items() <= extra.items(), "masked alike, and neither is lost"
    assert (extra["设备型号"], extra["客户姓名"]) == ("Mate 60", "〔姓名〕")
    assert len(extra) == len(others)


def test_a_file_without_a_header_is_read_from_its_first_line_and_nobody_stands_in_its_mapping(
    tmp_path: Path, bank: Bank, lake: Lake, quality: Staff, auditor: Staff
) -> None:
    said = f"我叫{NAME}，手机{PHONE}，转账一直失败"
    lines = f"W1,2026-05-01,{said}\nW2,2026-05-02,柜员态度很好很耐心\nW3,2026-05-03,手机银行又闪退了\n"
    browser = make.client(quality)
    place = browser.post("/imports/new/", {"file": SimpleUploadedFile("留言.csv", lines.encode())})["Location"]
    page = browser.get(place)
    assert "header = 0" in page.content.decode()
    sent = {each.html_name: each.value() or "" for each in page.context["form"]} | {"channel": "website"}
    raw = f'format = "csv"\nchannel = "website"\n[columns]\ntext = "{said}"\n'
    refused = browser.post(place, sent | {"by": "text", "mapping": raw})
    assert (refused.status_code, Import.objects.get().mapping) == (422, "")
    assert "header = 0" in refused.content.decode()
    browser.post(place, sent | {"mapping": f"# {said}\n" + sent["mapping"]})
    imported = Import.objects.get()
    importing.run(Silent(), str(imported.pk))
    heard = [each.text for each in spoken(lake)]
    assert heard == ["手机银行又闪退了", "柜员态度很好很耐心", "我叫〔姓名〕，手机〔手机〕，转账一直失败"]
    seen = make.client(auditor).get(f"/imports/{imported.pk}/").content.decode()
    assert "第3列" in seen
    assert not any(told in seen or told in imported.mapping for told in (NAME, PHONE))


def test_of_a_header_that_holds_a_person_messages_tell_no_more_than_the_mask_leaves(
    tmp_path: Path, bank: Bank, lake: Lake
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"W1,我叫{NAME}{PHONE},很好\nW2,昨天,差\nW3,前天,好\n", "utf-8")
    mapping = 'format = "csv"\nchannel = "website"\n[columns]\ntext = "很好"\nsaid_at = "我叫〔姓名〕〔手机〕"\n'
    with pytest.raises(Fault):
        bring_in(path, mapping=mapping)
    assert Import.objects.get().fault["column"] == "我叫〔姓名〕〔手机〕"


def test_an_error_is_logged_by_its_kind_and_places_and_never_by_its_words(
    bank: Bank, lake: Lake, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a page, of the helper that understands, of a command in production, and of an export half-way."""

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError(f"could not convert {NAME}{PHONE}") from KeyError(PHONE)

    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, logs.Discreet)]
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    monkeypatch.setattr(questions, "page", broken)
    browser = make.client(quality)
    browser.raise_request_exception = False
    assert browser.get("/voices/").status_code == 500
    server = gunicorn_log.Logger(Config())
    monkeypatch.setattr(server.error_log.handlers[0], "stream", written)
    try:
        broken()
    except ValueError as failure:
        server.exception("Error handling request %s", f"/voices/export/?q={NAME}")
        server.exception(failure)
        with redirect_stderr(written):
            logs._tell(type(failure), failure, failure.__traceback__)
    assert written.getvalue().count("ValueError") >= 4
    assert "KeyError" in written.getvalue()
    assert "in broken" in written.getvalue()
    ours, theirs = Pipe()
    monkeypatch.setattr(interpreter.in_use, "understander", broken)
    ours.send([])
    Thread(target=interpreter.serve, args=(os.dup(theirs.fileno()), "")).start()
    told = ours.recv()
    ours.close()
    assert told == "ValueError"
    assert not any(word in written.getvalue() for word in (NAME, PHONE))


def test_a_large_upload_on_its_way_has_no_name_on_any_disk(settings: LazySettings, tmp_path: Path) -> None:
    """So that nothing is left of it where its process is killed."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("留言.csv", PHONE.encode() * 100)})
    file = request.FILES["file"]
    assert os.readlink(f"/proc/self/fd/{file.fileno()}").startswith(str(settings.UPLOAD_DIR))
    assert os.fstat(file.fileno()).st_nlink == 0
    assert (file.name, file.size, b"".join(file.chunks())) == ("留言.csv", 1100, PHONE.encode() * 100)


def test_versions_notes_and_file_names_are_masked_too(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    path = tmp_path / f"客户{PHONE}.csv"
    mapping = MAPPING.replace('rating = "评分"', 'product_version = "评分"')
    imported = bring_in(table(path, [row(1, 评分=PHONE), row(2, 时间="前天")]), mapping=mapping)
    assert imported.path == str(path)  # where to go on: never shown
    assert PHONE not in f"{imported} {content(lake)}"
    (voice,) = spoken(lake)
    correction = actions.correct_voice(voice.id, "sentiment", "negative", f"{PHONE}说的", by=quality)
    assert correction.note == "〔手机〕说的"
    waiting = Quarantined.objects.get()
    actions.discard_rows(imported, imported.quarantine.all(), "x" * 395 + PHONE, by=quality)
    waiting.refresh_from_db()
    assert waiting.note == "x" * 395 + "〔手机〕"
    pages = ["/imports/", f"/imports/{imported.pk}/", f"/imports/{imported.pk}/quarantine/", "/jobs/"]
    for page in pages:
        assert PHONE not in make.client(quality).get(page).content.decode(), page
