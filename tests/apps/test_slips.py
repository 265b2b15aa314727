"""What becomes of slips of paper, from the scan to the voice?"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageChops

from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import attachments, erasing
from huixiang.apps.feedback.models import Attachment, Erasure
from huixiang.apps.intake.actions import boxes
from huixiang.apps.slips import actions, reading, receiving, taking
from huixiang.apps.slips import erasing as forgetting
from huixiang.apps.slips.actions import Correction
from huixiang.apps.slips.models import File, Slip
from huixiang.channels.contract import Fault
from huixiang.channels.paper import reading as paper
from huixiang.channels.paper.pages import Page, pages
from huixiang.channels.paper.reading import Reader
from huixiang.channels.pictures import redrawn
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import spoken
from tests.apps.paper import SAID, THANKS, Written, blank, image, pdf, reader, slip, the_reader, two_on_one
from tests.make import Bank

pytestmark = pytest.mark.one_database

__all__ = ["reader", "the_reader"]
DAY = date(2026, 11, 20)


def brought(bank: Bank, by: Staff | str, *contents: bytes) -> list[Slip]:
    files = [(f"扫描{n}.png", content) for n, content in enumerate(contents)]
    actions.bring_in(files, bank.north_outlet, DAY, by=by)
    reading.read_all()
    return list(Slip.objects.in_order())


def corrected(slip: Slip, *typed: str, more: str = "", **other: Any) -> Correction:
    return Correction(typed, more, other.get("unit", slip.unit), other.get("said_on", slip.said_on))


def written(monkeypatch: pytest.MonkeyPatch, *lines: tuple[str, float]) -> None:
    """Pages are drawn, and said to read so, without a child: each would cost a fifth of a second."""
    monkeypatch.setattr(reading, "Reader", lambda: Written(*lines))
    monkeypatch.setattr(reading, "pages", lambda content, name, after: iter([Page(1, redrawn(content, name))]))


def test_scans_are_read_corrected_and_become_voices_of_their_unit_and_day(
    bank: Bank, manager: Staff, lake: Lake, reader: Reader
) -> None:
    """A pile of three pages, one of them upside down, one that nobody wrote on; and two slips on one photo."""
    upside_down = pdf(slip(), blank())
    turned = image(slip(THANKS)).rotate(180)
    turned.save(out := io.BytesIO(), "PNG")
    first, empty, on_its_head, sheet = brought(bank, manager, upside_down, out.getvalue(), two_on_one())
    assert (first.words().text, first.state, first.said_on) == (SAID, "read", DAY)
    assert first.least is not None
    assert first.least > 0.9
    assert (empty.stage, empty.reason) == ("blank", "blank")
    assert on_its_head.words().text == THANKS, "turned before it was read"
    assert sheet.looks_like_several
    parts = actions.split(sheet.pk, [0.55], down=True, by=manager)
    reading.read_all()
    assert [Slip.objects.get(pk=part.pk).words().text for part in parts] == [SAID, THANKS]
    lines = [line["text"] for line in first.words().lines]
    actions.confirm(first.pk, corrected(first, *lines, more="谢谢"), by=manager)
    assert actions.confirm_sure([on_its_head.pk, empty.pk, sheet.pk], by=manager) == 1, "only what was read surely"
    assert taking.take_in() == 2
    assert taking.take_in() == 0, "each once"
    first.refresh_from_db()
    voices = {voice.text: voice for voice in spoken(lake)}
    assert set(voices) == {f"{SAID}\n谢谢", THANKS}
    voice = voices[f"{SAID}\n谢谢"]
    assert (voice.channel, voice.branch, voice.id) == ("suggestion_box", bank.north_outlet.code, first.voice_id)
    assert timezone.localdate(voice.said_at) == DAY
    assert [line["text"] for line in first.words().lines] == lines, "what was read is kept beside what was typed"
    assert Attachment.objects.filter(voice_id=first.voice_id).count() == 1
    assert not Attachment.objects.filter(voice_id=first.of.place).exists(), "the file itself is kept no longer"


def test_the_same_file_adds_nothing_and_a_killed_reading_goes_on(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "Reader", lambda: Written((SAID, 0.99)))
    pile = pdf(slip(seed=1), slip(seed=2), slip(seed=3))
    prepared = receiving.prepared

    def killed(file: File, page: int, *rest: Any) -> Any:
        if page == 3:
            raise KeyboardInterrupt
        return prepared(file, page, *rest)

    with monkeypatch.context() as broken:
        broken.setattr(receiving, "prepared", killed)
        with pytest.raises(KeyboardInterrupt):
            brought(bank, manager, pile)
    assert Slip.objects.count() == 2
    assert reading.read_all() == 3
    keys = set(Slip.objects.values_list("pk", flat=True))
    again = actions.bring_in([("改了名.pdf", pile)], bank.north_outlet, None, by=manager)
    assert [(each.is_new, each.fault) for each in again] == [(False, None)]
    assert reading.read_all() == 0
    assert set(Slip.objects.values_list("pk", flat=True)) == keys
    assert Attachment.objects.count() == 3


def test_two_jobs_read_each_slip_once(bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    written(monkeypatch, (SAID, 0.99))
    actions.bring_in([("一.png", slip())], bank.north_outlet, None, by=manager)
    job = Job.objects.get(kind="slips")
    assert reading.begin_due(timezone.now()) is None, "somebody is at it"
    jobs.perform.func(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 1, 1)
    assert reading.begin_due(timezone.now()) is None, "nothing waits"


def test_what_cannot_be_read_is_told_with_file_page_and_remedy(bank: Bank, manager: Staff) -> None:
    for name, content, told in (
        ("表.xlsx", b"PK\x03\x04" + b"0" * 99, "“表.xlsx”不是能读取的扫描件；请用 PDF、JPEG、PNG 或 WebP"),
        ("空.pdf", b"", "“空.pdf”是空的；请重新扫描或拍照"),
        ("大.jpg", b"\xff\xd8\xff" + bytes(20_000_001), "超过 20 MB；请把照片缩小后再传"),
    ):
        (arrival,) = actions.bring_in([(name, content)], bank.north_outlet, None, by=manager)
        assert arrival.fault is not None
        assert told in str(arrival.fault)
    with pytest.raises(Fault, match="日期在今天以后"):
        actions.bring_in([], bank.north_outlet, timezone.localdate() + timedelta(days=1), by=manager)
    assert not File.objects.exists()
    brought(bank, manager, b"%PDF-1.7\nnothing of the kind")
    file = File.objects.get()
    assert file.fault is not None
    assert "不是完整的 PDF" in file.fault["message"]
    assert not Attachment.objects.exists()
    (again,) = actions.bring_in([("再传.pdf", b"%PDF-1.7\nnothing of the kind")], bank.north_outlet, None, by=manager)
    assert again.is_new, "what could not be read may be tried anew"


def test_bombs_and_locked_files_are_refused_by_a_child_with_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    wide += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000 900000]>>endobj\ntrailer<</Root 1 0 R>>"
    (huge,) = pages(wide, "一公顷.pdf")
    assert huge.picture is None
    assert str(huge.fault) == "“一公顷.pdf”第 1 页无法打开；请单独重新扫描这一页"
    kids = b" ".join([b"3 0 R"] * 301)
    many = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[" + kids
    many += b"]/Count 301>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>"
    with pytest.raises(Fault, match="有 301 页，一次最多 300 页"):
        list(pages(many, "三百页.pdf"))
    head = b"IHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + head + crc32(head).to_bytes(4, "big") + b"\x00\x00\x00\x32IDAT"
    with pytest.raises(Fault, match="尺寸过大"):
        list(pages(bomb + bytes(50), "炸弹.png"))
    monkeypatch.setattr("huixiang.channels.paper.pages.LONGEST_PAGE", 0.01)
    monkeypatch.setattr("huixiang.channels.paper.pages.MOST_BROKEN_OFF", 2)
    slow = pages(pdf(slip()), "慢.pdf")
    assert "第 1 页无法打开" in str(next(slow).fault)
    with pytest.raises(Fault, match="内容损坏，或展开后过大"):
        list(slow)


def test_a_page_that_blows_up_costs_itself_and_not_the_pile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms that draw themselves without end, on the second of three pages: the child dies of it, the server does not.

    What else was tried, and how much memory it took, stands in docs/measurements/slips.md.
    """
    monkeypatch.setattr("huixiang.channels.paper.pages.MOST_MEMORY", 300 << 20)
    plain = b"/Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]"
    itself = b"<</XObject<</F 6 0 R>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R 3 0 R]/Count 3>>",
        b"<<" + plain + b">>",
        b"<<" + plain + b"/Contents 5 0 R/Resources" + itself + b">>",
        b"<</Length 5>>stream\n/F Do\nendstream",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources"
        + itself
        + b"/Length 11>>stream\n/F Do /F Do\nendstream",
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    drawn = list(pages(b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>", "一堆.pdf"))
    assert [each.picture is not None for each in drawn] == [True, False, True]
    assert str(drawn[1].fault) == "“一堆.pdf”第 2 页无法打开；请单独重新扫描这一页"


def test_a_reader_that_hangs_or_is_missing_leaves_the_slip_to_be_typed(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "CHILD", "tests.apps.paper_sleeper")
    monkeypatch.setattr(paper, "LONGEST_PAGE", 0.2)
    (hung,) = brought(bank, manager, slip())
    assert (hung.state, hung.words().text) == ("read", "")
    with pytest.raises(Fault, match="没有可入库的文字"):
        actions.confirm(hung.pk, corrected(hung), by=manager)
    monkeypatch.setattr(reading, "is_there", lambda: False)
    first, second = brought(bank, manager, slip(seed=2))
    assert {first.state, second.state} == {"read"}
    assert actions.confirm(hung.pk, corrected(hung, more=SAID), by=manager).words().text == SAID


def test_a_rejected_one_is_kept_and_can_be_mended(bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    written(monkeypatch, ("叫号屏幕宇太小", 0.6), ("2026年11月3日", 0.99))
    (found,) = brought(bank, manager, slip())
    assert found.said_on == date(2026, 11, 3), "the day that stands on the slip comes before the one told"
    assert found.words().text == "叫号屏幕宇太小"
    assert actions.confirm_sure([found.pk], by=manager) == 0, "one line is not sure"
    assert actions.reject(found.pk, "unreadable", by=manager).state == "rejected"
    with pytest.raises(Fault, match="现在是“已退回”"):
        actions.confirm(found.pk, corrected(found, "甲", "乙"), by=manager)
    actions.mend(found.pk, by=manager)
    with pytest.raises(Fault, match="刚被重新读过"):
        actions.confirm(found.pk, corrected(found, "只有一行"), by=manager)
    done = actions.confirm(found.pk, corrected(found, "叫号屏幕字太小", "2026年11月3日"), by=manager)
    assert actions.confirm(found.pk, corrected(found, "别的", ""), by=manager).words().text == "叫号屏幕字太小"
    assert done.words().lines[0]["text"] == "叫号屏幕宇太小"
    with pytest.raises(Fault, match="不能这样做"):
        actions.reject(found.pk, "twice", by=manager)
    verbs = AuditRecord.objects.filter(on_kind="slip").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["slip.bring", "slip.reject", "slip.mend", "slip.confirm"]


def test_turning_reads_anew_and_a_cut_must_leave_paper(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    (found,) = brought(bank, manager, slip())
    size = (found.width, found.height)
    assert actions.turn(found.pk, 90, by=manager).state == "waiting"
    reading.read_all()
    found.refresh_from_db()
    assert (found.height, found.width) == size
    for cuts in ([], [0.01], [0.5, 0.51], [2.0]):
        with pytest.raises(Fault, match="请给出 1 到 7 个切口"):
            actions.split(found.pk, cuts, down=True, by=manager)
    first, second = actions.split(found.pk, [0.5], down=False, by=manager)
    assert {first.part, second.part} == {"1", "2"}
    assert Attachment.objects.filter(voice_id=found.voice_id).count() == 0
    assert attachments.sweep(timezone.now() + timedelta(days=2)) == 3, (
        "the file, turned, split: what was before is gone"
    )


def test_what_looks_blank_is_looked_at_and_taken_up_by_one_press(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pencil is not read; nobody shall find her words among what was thrown away."""
    written(monkeypatch)
    faint, empty = brought(bank, manager, slip(), slip(seed=2))
    browser = make.client(manager)
    assert "2 张像是空白" in browser.get("/slips/").content.decode()
    listed = browser.get("/slips/?state=blank").content.decode()
    assert f'name="one" value="{faint.pk}"' in listed
    assert f'src="/slips/{faint.pk}/picture/"' in listed, "seen beside its picture, not only counted"
    assert not Slip.objects.in_state("rejected").exists(), "nobody has rejected it"
    taken = browser.post("/slips/blank/mend/", {"one": str(faint.pk), "slip": [str(faint.pk), str(empty.pk)]})
    assert taken["Location"] == f"/slips/{faint.pk}/"
    assert actions.confirm(faint.pk, corrected(faint, more=SAID), by=manager).words().text == SAID
    assert actions.leave_blank([faint.pk, empty.pk], by=manager) == 1
    empty.refresh_from_db()
    assert (empty.stage, empty.settled_by) == ("rejected", manager)
    assert actions.mend(empty.pk, by=manager).stage == "read", "and still no dead end"


def test_what_was_cut_apart_is_put_together_again_while_nothing_of_it_is_a_voice(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    (page,) = brought(bank, manager, two_on_one())
    whole = receiving.picture_of(page)
    assert whole
    upper, lower = actions.split(page.pk, [0.4], down=True, by=manager)
    reading.read_all()
    actions.turn(upper.pk, 180, by=manager)
    actions.split(lower.pk, [0.5], down=False, by=manager)
    with pytest.raises(Fault, match="又拆过；请先把那一张还原"):
        actions.rejoin(page.pk, by=manager)
    reading.read_all()
    actions.rejoin(lower.pk, by=manager)
    back = actions.rejoin(page.pk, by=manager)
    again = receiving.picture_of(back)
    assert again
    assert (back.state, again.width, again.height) == ("waiting", whole.width, whole.height)
    apart = ImageChops.difference(image(whole.jpeg), image(again.jpeg)).resize((1, 1), Image.Resampling.BOX)
    assert max(apart.getpixel((0, 0))) < 5, "as it lay, though a part had been turned"  # type: ignore[arg-type]
    assert Slip.objects.count() == Attachment.objects.count() == 1
    reading.read_all()
    first, second = actions.split(page.pk, [0.5], down=True, by=manager)
    reading.read_all()
    actions.confirm_sure([first.pk], by=manager)
    with pytest.raises(Fault, match="已有确认入库的"):
        actions.rejoin(page.pk, by=manager)
    actions.split(second.pk, [0.5], down=True, by=manager)
    Slip.objects.filter(page=1, part="2.1").delete()
    with pytest.raises(Fault, match="已不全"):
        actions.rejoin(second.pk, by=manager)


def test_nothing_is_sealed_while_the_database_is_locked(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty megabytes take a second to seal and to write: meanwhile nobody else could have saved anything."""
    depths = set()
    sealed = attachments.sealed_away

    def watched(content: bytes, **told: Any) -> Attachment:
        depths.add(len(connection.savepoint_ids))
        return sealed(content, **told)

    monkeypatch.setattr(attachments, "sealed_away", watched)
    written(monkeypatch, (SAID, 0.99))
    (page,) = brought(bank, manager, two_on_one())
    actions.turn(page.pk, 180, by=manager)
    reading.read_all()
    actions.split(page.pk, [0.5], down=True, by=manager)
    reading.read_all()
    actions.rejoin(page.pk, by=manager)
    assert depths == {0}


def test_only_who_may_enter_slips_of_the_unit_sees_them(
    bank: Bank, manager: Staff, clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    actions.bring_in([("南.png", slip())], bank.south_outlet, None, by="cli:test")
    reading.read_all()
    (south,) = Slip.objects.all()
    for verb in (actions.look, actions.mend):
        with pytest.raises(ObjectDoesNotExist):
            verb(south.pk, by=manager)
        with pytest.raises(PermissionDenied):
            verb(south.pk, by=clerk)
    with pytest.raises(PermissionDenied):
        actions.bring_in([("甲.png", slip(seed=5))], bank.south_outlet, None, by=manager)
    assert actions.confirm_sure([south.pk], by=manager) == 0
    (north,) = brought(bank, manager, slip(seed=3))[1:]
    with pytest.raises(Fault, match="权限范围内的机构"):
        actions.confirm(north.pk, corrected(north, SAID, unit=bank.south_outlet), by=manager)


def test_erasing_reaches_pictures_words_and_files_brought_again(
    bank: Bank, manager: Staff, quality: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, ("请回电138-1234-5678", 0.99))
    (named,) = brought(bank, manager, slip())
    written(monkeypatch, (THANKS, 0.99))
    _, other = brought(bank, manager, slip(THANKS))
    actions.confirm_sure([other.pk], by=manager)
    taking.take_in()
    erasure = feedback.erase_customer(feedback.known_as("13812345678"), "客户来电要求", by=quality)
    erasing.carry_out(Erasure.objects.get(pk=erasure.pk))
    assert not Slip.objects.filter(pk=named.pk).exists()
    assert not Attachment.objects.filter(voice_id=named.voice_id).exists()
    erasing.carry_out(feedback.erase_voice(other.voice_id, "客户要求", by=quality))
    assert not Slip.objects.exists()
    assert not spoken(lake)
    brought(bank, manager, slip(), slip(THANKS))
    assert not Slip.objects.exists(), "the same files bring nothing back"


def test_pictures_and_words_go_when_the_box_promised_it_and_the_voice_stays(
    bank: Bank, manager: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    terms = boxes.Terms("北山意见箱", 30)
    boxes.open_box(bank.north_outlet, "suggestion_box", terms, by=manager)
    (found,) = brought(bank, manager, slip())
    today = timezone.localdate()
    assert found.keep_until == today + timedelta(days=30)
    actions.confirm_sure([found.pk], by=manager)
    late = today + timedelta(days=31)
    assert forgetting.forget_old(late) == 0, "confirmed and on its way: not lost"
    taking.take_in()
    assert forgetting.forget_old(late) == 1
    assert not Slip.objects.exists()
    assert not Attachment.objects.exists()
    assert [voice.text for voice in spoken(lake)] == [SAID]
    assert brought(bank, manager, slip()) == [], "known by its mark, though its content is gone"
