"""Can the bank's people work with standards by the pages alone, each with what he may see and do?"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.standards import composing
from huixiang.apps.standards.models import Version, in_force_on
from huixiang.domain.standards.writing import write
from tests import make
from tests.apps.test_standards import SET, hold, second, waiting  # noqa: F401

pytestmark = pytest.mark.one_database


def test_a_form_and_its_file_are_the_same(quality: Staff) -> None:
    browser, tomorrow = make.client(quality), timezone.localdate() + timedelta(days=1)
    for standard in SET.values():
        start = replace(standard, effective_from=tomorrow)
        said = {name: "" if value is None else value for name, value in composing.shown(start).items()}
        answer = browser.post(reverse("standard_new"), {"as": "form", **said})
        assert answer.status_code == 302, answer.context["form"].errors
        assert Version.objects.get(standard__code=standard.code).value == start
    edit = browser.get(reverse("standard_edit", args=["words"]) + "?as=text").content.decode()
    assert "来有迎声" in edit


def test_what_is_wrong_is_told_at_its_field_and_by_its_line(quality: Staff) -> None:
    browser = make.client(quality)
    said = composing.shown(waiting()) | {"effective_until": "", "hours": "9 点", "post": "", "unit": "NOWHERE"}
    errors = browser.post(reverse("standard_new"), {"as": "form", **said}).context["form"].errors
    assert "unit" in errors
    errors = browser.post(reverse("standard_new"), {"as": "form", **said, "unit": "HQ"}).context["form"].errors
    assert "hours" in errors
    wrong = write(waiting()).replace('title = "', 'titel = "').replace("target = 20", "target = -1")
    page = browser.post(reverse("standard_new"), {"as": "text", "text": wrong})
    assert page.status_code == 422
    assert "第 2 行 titel：不认识的键" in page.content.decode()
    assert "measure.target" in page.content.decode()


def test_a_change_is_submitted_seen_and_approved_by_another(
    quality: Staff,
    second: Staff,  # noqa: F811
    clerk: Staff,
) -> None:
    hold(waiting(), quality, second)
    day = timezone.localdate() + timedelta(days=30)
    browser, other, third = make.client(quality), make.client(second), make.client(clerk)
    text = write(waiting(15, day))
    assert browser.post(
        reverse("standard_edit", args=["waiting-ordinary"]), {"as": "text", "text": text}
    ).url == reverse("standard_version", args=["waiting-ordinary", 2])
    page = browser.get(reverse("standard_version", args=["waiting-ordinary", 2])).content.decode()
    assert "目标由 20 分钟收紧为 15 分钟（更严）" in page
    assert "还没有数据来源" not in page
    unknown = write(replace(SET["loan-decision"], effective_from=day))
    written = browser.post(reverse("standard_new"), {"as": "text", "text": unknown}, follow=True).content.decode()
    assert "还没有数据来源，无法试算" in written
    assert third.get(reverse("standard_version", args=["waiting-ordinary", 2])).status_code == 404
    do = {deed: reverse("standard_do", args=["waiting-ordinary", 2, deed]) for deed in ("submit", "approve", "return")}
    assert third.post(do["submit"]).status_code == 404
    browser.post(do["submit"])
    assert "四眼" in browser.post(do["approve"], follow=True).content.decode()
    other.post(do["approve"])
    english = third.get(
        reverse("standard", args=["waiting-ordinary"]), headers={"accept-language": "en"}
    ).content.decode()
    assert "Waiting, ordinary service" in english
    assert "tightened from 20 minutes to 15 minutes (stricter)" in english
    assert [each.aim.target for each in in_force_on(day) if each.aim] == [15]


def test_the_list_tells_what_is_wrong_and_the_form_is_there_to_print(quality: Staff, second: Staff) -> None:  # noqa: F811
    for code in ("looks", "waiting-ordinary"):
        hold(replace(SET[code], effective_from=timezone.localdate(), taught_by=()), quality, second)
    page = make.client(quality).get(reverse("standards")).content.decode()
    assert "没人教" in page
    assert "现行标准的权重合计 19，不是 100" in page
    form = make.client(quality).get(reverse("standard_form", args=["looks"])).content.decode()
    assert "工装整洁" in form
    assert make.client(quality).get(reverse("standard_form", args=["waiting-ordinary"])).status_code == 404
    kept = make.client(quality).get(reverse("standard_conformance")).content.decode()
    assert "这段时间没有数据" in kept


def test_a_folder_goes_out_and_comes_in_again(quality: Staff, second: Staff, clerk: Staff) -> None:  # noqa: F811
    browser = make.client(quality)
    browser.post(reverse("standards_adopt"))
    assert make.client(clerk).post(reverse("standards_adopt")).status_code == 404
    for version in Version.objects.waiting():
        make.client(second).post(reverse("standard_do", args=[version.standard.code, version.number, "approve"]))
    data = browser.post(reverse("standards_export")).content
    with zipfile.ZipFile(io.BytesIO(data)) as bag:
        assert len(bag.namelist()) == len(SET)
    again = browser.post(reverse("standards_import"), {"file": SimpleUploadedFile("a.zip", data)}, follow=True)
    assert f"写入 0 份草稿；{len(SET)} 份与现有的相同，未动。" in again.content.decode()
    bad = browser.post(reverse("standards_import"), {"file": SimpleUploadedFile("x.toml", b"code = 3\n")})
    assert "文件“x.toml”第 1 行 code" in bad.content.decode()
    for wrong in (b"PK\x03\x04garbage", b"\xff\xfe"):
        assert browser.post(reverse("standards_import"), {"file": SimpleUploadedFile("x", wrong)}).status_code == 422
