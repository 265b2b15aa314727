"""Does a voice become a complaint with one click, and do the made-up bank's complaints stand in every state?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints import chain, projecting
from huixiang.apps.complaints.models import Case, CaseVoice
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.web.demo import QUALITY_MANAGER, complaints
from tests import make
from tests.browser import voices as made

pytestmark = pytest.mark.one_database


@pytest.fixture
def angry(lake: Any, bank: make.Bank) -> list[Any]:
    made.fill(lake, made.made_up(["N11", "N12"], timezone.localdate(), count=60))
    return [voice for voice in questions.worst(lake, Slice(), 20) if voice.branch]


def test_a_voice_becomes_a_complaint_with_one_click_and_another_joins(
    angry: list[Any], bank: make.Bank, manager: Staff, clerk: Staff
) -> None:
    browser, (first, second) = make.client(manager), angry[:2]
    assert "转为投诉" in browser.get(f"/voices/{first.id}/").content.decode()
    page = browser.get(f"/complaints/from/{first.id}/")
    asked = {name: page.context["form"][name].value() for name in ("key", "way", "title", "text")}
    sent = {**asked, "unit": bank.north_outlet.pk, "complainant": "self", "heads": "1", "accused": "1001"}
    assert browser.post(f"/complaints/from/{first.id}/", sent | {"accused": "4711"}).status_code == 422, (
        "no such number"
    )
    browser.post(f"/complaints/from/{first.id}/", sent)
    case = Case.objects.get()
    assert list(case.risks) == list(first.risks)
    assert case.number in browser.get(f"/voices/{first.id}/").content.decode()
    browser.post(f"/complaints/join/{second.id}/", {"number": case.number})
    assert set(CaseVoice.objects.values_list("voice_id", flat=True)) == {first.id, second.id}
    assert case.accused.get().staff == clerk
    assert browser.get(f"/complaints/from/{first.id}/")["Location"] == f"/complaints/{case.pk}/", "it is one already"


def test_the_made_up_banks_complaints_stand_in_every_state(
    angry: list[Any], lake: Any, bank: make.Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [replace(angry[0], id=f"{number:024d}") for number in range(len(complaints.WAYS))]
    told = questions.voice(lake, angry[0].id)
    assert told
    monkeypatch.setattr(questions, "worst", lambda *_: many)
    monkeypatch.setattr(questions, "voice", lambda _lake, id: replace(told, id=id))
    make.staff(QUALITY_MANAGER, bank.head_office, "quality_manager")
    complaints.open_some()
    complaints.open_some()
    assert Case.objects.count() == len(many)
    assert len(set(Case.objects.values_list("state", flat=True))) == 13
    assert chain.verify()[1] == []
    assert list(projecting.rebuild(timezone.now())) == []
