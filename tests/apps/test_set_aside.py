"""A mail that waits in quarantine keeps its files beside its row, and they share its fate."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import actions, attachments, certifying, keeping, quarantine, set_aside
from huixiang.apps.feedback.models import Attachment, Import, Quarantined
from huixiang.domain.feedback import pseudonym
from huixiang.lake.store import Lake
from tests.apps.arrivals import bring_in, spoken
from tests.apps.test_erasure import REASON, done
from tests.channels.letters import letter, mbox

pytestmark = pytest.mark.one_database


def enclosing(number: str, content: bytes, **headers: str) -> bytes:
    """An answering machine's mail with one file: so the server says, and so it is put aside."""
    name, encoded = quote(f"合同{number}.pdf"), base64.b64encode(content).decode()
    text = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n见附件{number}\n--b\nContent-Type: application/pdf\n"
        f"Content-Disposition: attachment; filename*=utf-8''{name}\nContent-Transfer-Encoding: base64\n\n"
        f"{encoded}\n--b--\n"
    )
    sender = f"m{number}@mail.example"
    mark = {"Auto_Submitted": "auto-replied"} | headers
    return letter(text, number=number, sender=sender, Content_Type="multipart/mixed; boundary=b", **mark)


def box(tmp_path: Path, *mails: bytes) -> Path:
    place = tmp_path / "来信.mbox"
    place.write_bytes(mbox(*mails))
    return place


def waiting() -> set[int]:
    """The rows beside which files wait."""
    return {int(each.voice_id[-11:]) for each in set_aside.waiting()}


def mended(row: Quarantined) -> dict[str, str]:
    return quarantine.fields(row) | {"自动邮件": ""}


@pytest.fixture
def refused(tmp_path: Path, quality: Staff, lake: Lake) -> Import:
    letters = [enclosing(str(each), b"%PDF-1.7 " + str(each).encode()) for each in (1, 2, 3)]
    of = bring_in(box(tmp_path, *letters, letter(number="9")), form="mbox", mapping="")
    assert (waiting(), of.quarantine.count(), len(spoken(lake))) == ({1, 2, 3}, 3, 1)
    return of


def test_a_mended_mail_brings_its_files_and_one_given_up_loses_them(
    refused: Import, quality: Staff, lake: Lake
) -> None:
    first, second, third = refused.quarantine.order_by("row")
    actions.mend_row(first, mended(first), by=quality)
    voice = next(each for each in spoken(lake) if each.text == "见附件1")
    kept = Attachment.objects.get(voice_id=voice.id)
    assert (kept.name, attachments.content(kept)) == ("合同1.pdf", b"%PDF-1.7 1")
    assert waiting() == {2, 3}
    actions.discard_rows(refused, refused.quarantine.filter(pk=second.pk), "广告", by=quality)
    assert waiting() == {3}
    late = timezone.now() + timedelta(days=set_aside.DAYS + 1)
    assert (keeping.clear(late, "set_aside"), waiting()) == (1, set())
    actions.mend_row(third, mended(third), by=quality)  # the words come in all the same
    assert (len(spoken(lake)), Attachment.objects.count()) == (3, 1)


def test_who_is_erased_leaves_no_file_beside_a_row_and_none_comes_again(
    refused: Import, quality: Staff, lake: Lake, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    files = {place for place in (Path(settings.DATA_DIR) / "attachments").rglob("*") if place.is_file()}
    her = pseudonym("m2@mail.example", settings.MASKING_KEY.encode())
    with django_capture_on_commit_callbacks(execute=True):
        erasure = done(actions.erase_customer(her, REASON, by=quality))
    assert (erasure.rows, waiting(), certifying.is_clean(erasure)) == (1, {1, 3}, True)
    assert sum(place.exists() for place in files) == 2
    again = bring_in(box(tmp_path, enclosing("2", b"%PDF-1.7 2"), letter(number="8")), form="mbox", mapping="")
    assert (again.quarantine.count(), Attachment.objects.count()) == (0, 2)


def test_spam_does_not_fill_the_disk(tmp_path: Path, quality: Any, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_aside, "MOST", 20)
    big = [enclosing(str(each), bytes([each]) * 15) for each in (1, 2)]
    of = bring_in(box(tmp_path, *big, letter(number="9")), form="mbox", mapping="")
    assert (waiting(), of.quarantine.count()) == ({1}, 2)
