"""What if the power fails, a key is changed, a customer is erased, just while slips are being read and put right?"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as configured
from django.test import Client
from PIL import Image

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import attachments
from huixiang.apps.feedback import erasing as feedback_erasing
from huixiang.apps.feedback.models import Attachment, Erasure, Tombstone
from huixiang.apps.slips import actions, erasing, reading
from huixiang.apps.slips.models import File, Slip, Words
from huixiang.channels.contract import Fault
from huixiang.channels.paper import lines
from huixiang.channels.paper.reading import Reading
from huixiang.channels.pictures import Picture
from huixiang.domain.feedback import pseudonym
from tests import make
from tests.apps.paper import SAID, THANKS, Written, slip
from tests.apps.test_slips import brought, corrected, written
from tests.make import Bank

pytestmark = pytest.mark.one_database


def test_a_kill_at_the_end_of_a_file_leaves_no_scan_behind_that_nothing_leads_to(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    with (
        mock.patch.object(reading.attachments, "let_go", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        brought(bank, manager, slip())
    assert File.objects.waiting().exists(), "it is opened together with its content's end, or not at all"
    reading.read_all()
    assert not Attachment.objects.filter(voice_id=File.objects.get().place).exists()
    assert Slip.objects.get().state == "read", "and its page came once"


def test_one_that_is_erased_while_it_is_read_stops_nobody_elses(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Written):
        def read(self, picture: Picture) -> Reading:
            erasing.forget([str(Slip.objects.in_state("waiting").in_order()[0].voice_id)] if not self.erased else [])
            self.erased = True
            return super().read(picture)

        erased = False

    written(monkeypatch, (SAID, 0.99))
    monkeypatch.setattr(reading, "Reader", lambda: Slow((SAID, 0.99)))
    (left,) = brought(bank, manager, slip(), slip(seed=2))
    assert left.state == "read"


def test_together_only_what_says_something_and_is_not_being_erased(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What she sees without a tick is not taken in by the button either."""
    written(monkeypatch, ("2026年11月20日", 0.99))
    (dated,) = brought(bank, manager, slip())
    written(monkeypatch, (SAID, 0.99))
    *_, sound, erased = brought(bank, manager, slip(seed=2), slip(seed=3))
    what = Erasure.objects.create(what="voice", reason="客户要求", voices=1)
    Tombstone.objects.create(voice_id=erased.voice_id, erasure=what)
    response = make.client(manager).post("/slips/confirm/", {"slip": [str(each.pk) for each in Slip.objects.all()]})
    assert response.status_code == 302
    assert [each.pk for each in Slip.objects.in_state("confirmed")] == [sound.pk]
    assert f'value="{dated.pk}" checked' not in make.client(manager).get("/slips/").content.decode()


@pytest.mark.parametrize(
    "text", ["座机010-66668888，手机138 0013 8000", "卡6222 0212 3456 7890 123", "客户号C100234.", "Lin@Example.org."]
)
def test_an_erasure_finds_her_numbers_however_they_were_written(text: str) -> None:
    forms = ("13800138000", "6222021234567890123", "C100234", "lin@example.org")
    assert erasing._forms(text) & set(forms)  # who is sought is known by one of them, as a keyed mark


def test_her_number_is_found_on_the_slip_itself(bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    written(monkeypatch, (SAID, 0.99))
    (one,) = brought(bank, manager, slip())
    actions.confirm(one.pk, corrected(one, SAID, more="座机010-66668888，手机138 0013 8000"), by=manager)
    assert erasing.of_customer(pseudonym("13800138000", configured.MASKING_KEY.encode()), None) == {one.voice_id}


def test_a_changed_key_is_told_and_is_no_crash(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    written(monkeypatch, (SAID, 0.99))
    (one,) = brought(bank, manager, slip())
    settings.MASKING_KEY = "another key that nobody sealed it under"
    browser: Client = make.client(manager)
    told: Any = browser.post(f"/slips/{one.pk}/", {"unit": one.unit_id, "more": "请多开一个窗口"})
    assert (told.status_code, "换回原密钥" in told.content.decode()) == (422, True)
    for degrees in ("90", "9" * 5000):
        assert browser.post(f"/slips/{one.pk}/turn/", {"degrees": degrees}).status_code == 302


def test_a_line_of_signs_alone_holds_nobody_up(bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was looked at for a date in a time that grew with the square, while all others waited for the database."""
    assert [lines.is_date(text) for text in ("日期：2026.11.20", "（11月20日）", "。" * 100_000)] == [True, True, False]
    written(monkeypatch, (SAID, 0.99))
    (one,) = brought(bank, manager, slip())
    with pytest.raises(Fault, match="最多 5000"):
        actions.confirm(one.pk, corrected(one, "。" * 1_000_000, said_on=date(2026, 11, 20)), by=manager)


def test_what_was_brought_for_the_wrong_unit_and_failed_comes_to_who_brings_it_rightly(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    south = make.staff("1003", bank.south_branch, "branch_manager")
    with mock.patch.object(reading, "pages", side_effect=Fault("坏了")):
        brought(bank, manager, slip())
    assert "坏了" in make.client(manager).get("/slips/").content.decode()
    written(monkeypatch, (SAID, 0.99))
    actions.bring_in([("扫描.png", slip())], bank.south_branch, None, by=south)
    reading.read_all()
    assert [each.unit for each in Slip.objects.visible_to(south)] == [bank.south_branch]


def test_news_of_the_reading_do_not_put_back_the_ticks_that_she_took_away(
    bank: Bank, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(monkeypatch, (SAID, 0.99))
    brought(bank, manager, slip())
    actions.bring_in([("扫描.png", slip(seed=2))], bank.north_outlet, None, by=manager)  # is being read
    page = make.client(manager).get("/slips/").content.decode()
    assert 'hx-select="#slips_state"' in page
    assert 'hx-select="#slips"' not in page


def sheet_of(grey: int) -> bytes:
    """What stands on it does not matter: it is said to read so."""
    out = io.BytesIO()
    Image.new("L", (120, 160), grey).save(out, "PNG")
    return out.getvalue()


def files() -> list[Path]:
    return [place for place in (Path(configured.DATA_DIR) / "attachments").rglob("*") if place.is_file()]


def test_after_a_cut_was_undone_an_erasure_reaches_page_and_parts_also_in_a_backup(
    bank: Bank, manager: Staff, quality: Staff, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """One page is cut and put together, another is cut and stays so; then a backup of another day is put back."""
    written(monkeypatch, ("请回电138-1234-5678", 0.99))
    with django_capture_on_commit_callbacks(execute=True):
        page, sheet = brought(bank, manager, sheet_of(200), sheet_of(210))
    with django_capture_on_commit_callbacks(execute=True):
        actions.turn(page.pk, 90, by=manager)
        reading.read_all()
        parts = actions.split(page.pk, [0.5], down=True, by=manager)
        whole, halves = Slip.objects.get(pk=sheet.pk), actions.split(sheet.pk, [0.5], down=True, by=manager)
    backup = [(one, one.voice_id) for one in (*parts, whole)]
    with django_capture_on_commit_callbacks(execute=True):
        actions.rejoin(page.pk, by=manager)
    written(monkeypatch, (THANKS, 0.99))
    Slip.objects.filter(pk=halves[1].pk).update(state="waiting", sealed=None)
    assert len(files()) == Attachment.objects.count() == 3, "no picture lies where no row leads to"
    reading.read_all()
    for one in (page, halves[0]):
        Slip.objects.filter(pk=one.pk).update(sealed=Words(more="13812345678").sealed())
    erasure = feedback.erase_customer(feedback.known_as("13812345678"), "客户来电要求", by=quality)
    feedback_erasing.carry_out(Erasure.objects.get(pk=erasure.pk))
    assert list(Slip.objects.values_list("pk", flat=True)) == [halves[1].pk], "of the other hand nothing is taken"
    assert len(files()) == 1
    Tombstone.objects.all().delete()
    Erasure.objects.all().delete()
    for one, voice in backup:
        one.save(force_insert=True)
        attachments.keep(b"as the backup has it", voice_id=voice, name="a.jpg", media_type="image/jpeg")
    feedback_erasing.finish()
    assert list(Slip.objects.values_list("pk", flat=True)) == [halves[1].pk]
    assert len(files()) == 1
