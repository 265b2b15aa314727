"""Do the files that other systems write come in once, whole, with what cannot be read kept aside and mended?"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback.actions import mend_row
from huixiang.apps.feedback.models import Import
from huixiang.apps.feedback.quarantine import fields
from huixiang.apps.inspections import sheet_arriving as arriving
from huixiang.apps.inspections.models import Finding, Visit
from huixiang.apps.inspections.sheet_guest import counts
from huixiang.channels import inspection_sheets
from huixiang.channels.contract import Fault
from huixiang.channels.inspection_sheets import SheetMapping
from huixiang.lake.store import Lake
from huixiang.web.cli import main
from tests import make

HEAD = (
    "检查编号,检查类型,检查时间,机构号,机构名称,检查员,"
    "仪容仪表·着装统一、佩戴工牌,服务用语·站相迎,环境6S·地面台面整洁,得分,满分,得分率,问题描述\n"
)
ROWS = (
    "JC000001,例行检查,2026-03-02 10:15,N11,北山一路网点,JC001,2,1,0,3,6,50%,柜员王小明未起身\n"
    "JC000001,例行检查,2026-03-02 10:15,N11,北山一路网点,JC002,2,2,1,5,6,83%,\n"
    "JC000002,复查,2026-03-03 11:00,N12,北山二路网点,JC001,2,,2,4,4,100%,\n"
    "JC000003,例行检查,2026-03-04 09:30,N99,没有的网点,JC001,2,2,2,6,6,100%,\n"
    "JC000004,例行检查,2026-03-05 09:30,N12,北山二路网点,JC002,2,5,2,9,6,100%,\n"
)


def begun(text: str, by: Staff) -> Import:
    job = arriving.receive("检查.csv", [text.encode()], SheetMapping(), by=by)
    jobs.perform.func(str(job.pk))
    return Import.objects.latest("created_at")


def test_a_file_comes_in_once_and_what_cannot_be_read_is_mended(
    bank: make.Bank, quality: Staff, manager: Staff, lake: Lake, transactional_db: None
) -> None:
    done = begun(HEAD + ROWS, quality)
    assert counts(done) == {"rows": 5, "new": 3, "same": 0, "quarantined": 2}
    first, apart = Visit.objects.filter(source="其他系统 JC000001").order_by("is_second")
    assert first.case == apart.case
    assert (first.points, first.most, apart.points) == (3, 6, 5)
    assert first.note == "柜员〔姓名〕未起身"
    assert Visit.objects.get(source="其他系统 JC000002").most == 4  # what was left empty is not applicable
    assert not Finding.objects.exists()  # they were answered where they were made
    assert {visit.unit.code for visit in Visit.objects.visible_to(manager)} == {"N11", "N12"}
    assert counts(begun(HEAD + ROWS + "\n", quality))["same"] == 5  # those set aside are known as well
    assert Visit.objects.count() == 3

    waiting = {row.row: row for row in done.quarantine.all()}
    assert sorted(waiting) == [5, 6]
    mend_row(waiting[6], {**fields(waiting[6]), "服务用语·站相迎": "1"}, by=quality)
    assert counts(done) == {"rows": 5, "new": 4, "same": 0, "quarantined": 1}
    assert Visit.objects.get(source="其他系统 JC000004").points == 5


def test_what_is_no_sheet_of_inspections_is_told_before_anything_comes_in(
    bank: make.Bank, quality: Staff, manager: Staff, tmp_path: Path, lake: Lake
) -> None:
    with pytest.raises(Fault, match="哪些列是打分的项目"):
        arriving.receive("a.csv", ["检查编号,检查时间,机构号\n1,2026-03-02,N11\n".encode()], SheetMapping(), by=quality)
    with pytest.raises(Fault, match="哪一列是机构号"):
        arriving.receive("a.csv", ["检查编号,检查时间,甲·乙\n1,2026-03-02,2\n".encode()], SheetMapping(), by=quality)
    with pytest.raises(Fault, match="不认识的名称"):
        inspection_sheets.mapping('colour = "red"')
    assert not Import.objects.exists()


def test_the_page_takes_a_file_and_the_command_the_made_up_banks(
    bank: make.Bank, quality: Staff, clerk: Staff, tmp_path: Path, lake: Lake, transactional_db: None
) -> None:
    page = make.client(quality)
    sent = {"file": SimpleUploadedFile("检查.csv", (HEAD + ROWS).encode()), "system": "检查系统"}
    answer = page.post(reverse("inspections_import"), sent)
    assert answer.status_code == 302
    jobs.perform.func(str(Import.objects.get().job_id))
    assert Visit.objects.filter(source__startswith="检查系统").count() == 3
    assert page.get(answer["Location"]).status_code == 200
    assert (
        page.post(
            reverse("inspections_import"), sent | {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
        ).status_code
        == 422
    )
    assert make.client(clerk).get(reverse("inspections_import")).status_code == 404

    place = tmp_path / "神秘人.csv"
    head = "走访编号,进店时间,机构号,机构名称,神秘人,等候分钟,办理分钟,服务用语·站相迎,得分,满分,得分率,问题描述"
    line = "SM000001,2026-03-02 10:15:00,N11,北山一路网点,SM001,5,9,1,1,2,50.0%,起身不及时"
    place.write_text(f"{head}\n{line}\n", "utf-8")
    assert main(["inspections", "import", str(place), "--check"]) == 0
    assert main(["inspections", "import", str(place)]) == 0
    visit = Visit.objects.get(source="其他系统 SM000001")
    assert (visit.kind, visit.inspector_code, visit.points) == ("mystery", "SM001", 1)
