"""Are customers' photos safe where they lie, opened by the right people only, and gone when they should be?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import actions, attachments
from huixiang.apps.feedback.models import Attachment
from huixiang.channels import pictures
from huixiang.lake.store import Lake
from tests import make
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.apps.test_erasure import done
from tests.channels.test_pictures import photo
from tests.make import Bank

pytestmark = pytest.mark.one_database

LETTER = "张三，电话13812345678，账号6222020200011112222".encode()


@pytest.fixture
def voices(bank: Bank, lake: Lake, tmp_path: Path) -> dict[str, str]:
    """Unit → the voice of it, each with a photo and a letter."""
    bring_in(table(tmp_path / "留言.csv", [row(0), row(2)]))
    found = {str(voice.branch): voice.id for voice in spoken(lake)}
    for voice_id in found.values():
        attachments.keep_photo(pictures.cleaned(photo()), voice_id=voice_id, name="C:\\照片\\排队.png")
        attachments.keep(LETTER, voice_id=voice_id, name="王芳13812345678的信.html", media_type="text/html")
    return found


def files(data: Path) -> list[Path]:
    return [place for place in (data / "attachments").rglob("*") if place.is_file()]


def test_who_may_opens_a_download_never_a_page_and_each_time_is_on_record(
    voices: dict[str, str], bank: Bank, data: Path, manager: Staff, stranger: Staff
) -> None:
    mine, elsewhere = voices["N11"], voices["S11"]
    page = make.client(manager).get(reverse("voice", args=[mine])).content.decode()
    photograph, letter = Attachment.objects.filter(voice_id=mine)
    assert "排队.jpg" in page
    assert "王芳" not in page
    assert "13812345678" not in page
    opened = make.client(manager).get(reverse("attachment", args=[mine, letter.pk]))
    assert opened.content == LETTER
    assert opened["Content-Type"] == "application/octet-stream"
    assert opened["Content-Disposition"].startswith("attachment;")
    small = make.client(manager).get(reverse("attachment_small", args=[mine, photograph.pk]))
    assert small["Content-Type"] == "image/jpeg"
    asked = AuditRecord.objects.filter(verb="attachment.read", outcome="done").order_by("seq")
    assert [(each.actor, each.detail["size"]) for each in asked] == [("1002", "whole"), ("1002", "small")]
    assert make.client(manager).get(reverse("attachment_small", args=[mine, letter.pk])).status_code == 404
    theirs = Attachment.objects.filter(voice_id=elsewhere)[0]
    assert make.client(manager).get(reverse("attachment", args=[elsewhere, theirs.pk])).status_code == 404
    assert make.client(manager).get(reverse("attachment", args=[mine, theirs.pk])).status_code == 404
    assert make.client(stranger).get(reverse("attachment", args=[elsewhere, theirs.pk])).status_code == 404


def test_on_the_disk_nobody_reads_them_and_a_changed_file_is_told(voices: dict[str, str], data: Path) -> None:
    assert len(files(data)) == 4
    for place in files(data):
        assert LETTER[:6] not in place.read_bytes()
        assert place.stat().st_mode & 0o077 == 0
    letter = Attachment.objects.filter(is_photo=False)[0]
    place = data / "attachments" / str(letter.pk)[:2] / str(letter.pk)
    other = Attachment.objects.filter(is_photo=False)[1]
    place.write_bytes((data / "attachments" / str(other.pk)[:2] / str(other.pk)).read_bytes())
    with pytest.raises(Unsealable):
        attachments.content(letter)


def test_erased_with_their_voice_and_only_with_it(
    voices: dict[str, str], data: Path, quality: Staff, lake: Lake
) -> None:
    done(actions.erase_voice(voices["N11"], "客户来函", by=quality))
    assert [each.voice_id for each in Attachment.objects.all()] == [voices["S11"]] * 2
    assert len(files(data)) == 2


def test_a_file_whose_row_never_came_is_swept_away_after_a_day(voices: dict[str, str], data: Path) -> None:
    with transaction.atomic():
        attachments.keep(b"lost", voice_id=voices["N11"], name="a.pdf", media_type="application/pdf")
        transaction.set_rollback(True)
    assert len(files(data)) == 5
    assert attachments.sweep(timezone.now()) == 0, "its transaction may still be on its way"
    assert attachments.sweep(timezone.now() + timedelta(days=2)) == 1
    assert len(files(data)) == 4
