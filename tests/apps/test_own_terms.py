"""Do signed ideas and a talk's other words go with their time, and do the counts made of them stay?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import keeping, row_turns
from huixiang.apps.feedback.models import Expiry, Term
from huixiang.apps.focus import actions as talks
from huixiang.apps.focus import coded
from huixiang.apps.focus.models import Code, Session, Theme, Utterance
from huixiang.apps.ideas import actions, recognition
from huixiang.apps.ideas.models import Idea, IdeaFigure, Step
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.focus import bring, seat, talk_of
from tests.apps.test_ideas import SLOW, Wanted
from tests.apps.test_import_exactly_once import Killed, dies_after
from tests.apps.test_terms import in_force
from tests.make import Bank

pytestmark = pytest.mark.one_database


def years_ago(count: int) -> date:
    return timezone.localdate().replace(day=15) - timedelta(days=365 * count)


@pytest.fixture
def ideas(clerk: Staff, manager: Staff) -> list[Idea]:
    """Three of three years ago, one of them answered last month; one of today, and an unsigned one of then."""
    cache.clear()  # a process counts who files unsigned, and other tests of this hour did too
    wanted = [SLOW] * 5 + [Wanted("换椅子", "椅子坏了", is_signed=False)]
    found = [actions.file_idea(each, str(n), by=clerk) for n, each in enumerate(wanted)]
    old = [*found[:3], found[5]]
    Idea.objects.filter(pk__in=[each.pk for each in old]).update(filed_on=years_ago(3))
    for each in found[1:3]:
        actions.turn_idea(each.pk, "adopt", "十二月换两台", by=manager)
    Step.objects.filter(idea=found[1]).update(at=timezone.now() - timedelta(days=365 * 3))
    actions.support_idea(found[1].pk, by=manager)
    return found


def test_an_idea_goes_and_its_units_recognition_stays(
    ideas: list[Idea], quality: Staff, manager: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, web = reverse("retention_channel", args=["ideas"]), make.client(quality)
    wanted = {"months": "12", "manner": "figures"}
    looked = web.post(page, wanted | {"look": "1"}).content.decode()
    assert "之前的 2 条署名建议的内容、提出人与答复" in looked, "one was answered last month"
    assert (web.post(page, wanted).status_code, Term.objects.count()) == (200, 0), "nobody said that she is sure"
    assert web.post(page, wanted | {"sure": "on"}).status_code == 302
    assert keeping.clear(timezone.now(), "ideas") == 0, "not for a week"
    since, until = years_ago(3).replace(day=1), years_ago(3) + timedelta(days=31)
    before = [(each.filed, each.taken_up) for each in recognition.branches(quality, since, until)]
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(row_turns, "AT_ONCE", 1)
    with pytest.MonkeyPatch.context() as patch:
        dies_after(patch, row_turns, "_one")
        with pytest.raises(Killed):
            keeping.clear(later, "ideas")
    assert (keeping.clear(later, "ideas"), keeping.clear(later, "ideas")) == (1, 0)
    kept = {ideas[2].pk, ideas[3].pk, ideas[4].pk, ideas[5].pk}
    assert set(Idea.objects.values_list("pk", flat=True)) == kept
    assert [(each.filed, each.taken_up) for each in recognition.branches(quality, since, until)] == before
    assert IdeaFigure.objects.get(state="adopted").supports == 1
    shown = make.client(manager).get(f"/ideas/recognition/?since={since}&until={until}").content.decode()
    assert "2 条已过保存期限、只留统计" in shown
    run = Expiry.objects.get(channel="ideas")
    assert (run.voices, AuditRecord.objects.get(verb="idea.expire").detail["count"]) == (2, 2)
    in_force("ideas", months=12, manner="delete")
    assert (keeping.clear(later, "ideas"), IdeaFigure.objects.count()) == (2, 0), "harsher later, figures go too"


@pytest.fixture
def talk(bank: Bank, quality: Staff, lake: Lake) -> Session:
    """Three years ago: one who agreed to be a voice, one to be quoted, one with a contact that still counts."""
    found = talk_of(bank, quality)
    for name, scope in (("参与者A", "voice"), ("参与者B", "quote"), ("参与者C", "analysis")):
        seat(found, quality, name, scope)
    talks.keep_contact(found.participants.get(label="P3").pk, "13812345678", by=quality)
    bring(found, quality)
    Session.objects.filter(pk=found.pk).update(held_on=years_ago(3))
    return Session.objects.get(pk=found.pk)


@pytest.fixture
def code_all(talk: Session, bank: Bank, quality: Staff) -> Callable[[], None]:
    """Two say the same of what B said, which is quoted as well."""

    def done() -> None:
        study = talk.study
        one = talks.add_code(study.pk, "方便", by=quality)
        coders = [make.staff(number, bank.head_office, "quality_manager") for number in ("8101", "8102")]
        talks.begin_coding(talk.pk, [each.number for each in coders], by=quality)
        said = Utterance.objects.get(participant__label="P2")
        for each in coders:
            talks.code(said.pk, [one.pk], by=each)
        theme = Theme.objects.create(study=study, name="好用", by=quality)
        theme.codes.add(one)
        theme.quotes.add(said)

    return done


def test_words_of_a_talk_go_and_what_two_coded_stays(
    talk: Session, code_all: Callable[[], None], quality: Staff, capsys: pytest.CaptureFixture[str]
) -> None:
    code_all()
    before = coded.uses(talk.study, coded.of_sessions([talk]))
    agreed = coded.agreement(coded.of_sessions([talk]))[0]
    api, now = caller(quality), timezone.now()
    seen = api.get("/retention/utterances/term/effect?months=12").json()
    assert (seen["count"], api.get("/retention/utterances/term").json()["count"]) == (3, 4), "one may be reached still"
    assert api.put("/retention/utterances/term", {"months": 12}).status_code == 422
    assert cli.main(["retention", "utterances", "--months", "12"]) == 0
    assert "3 项" in capsys.readouterr().out
    in_force("utterances", months=12)
    assert (keeping.clear(now, "utterances"), keeping.clear(now, "utterances")) == (3, 0)
    left = Utterance.objects.filter(participant__label="P2").get()
    assert (left.text, Theme.objects.get().quotes.count()) == ("", 0)
    assert not Utterance.objects.filter(participant=None).exists(), "what the moderator said goes whole"
    assert Utterance.objects.worded().filter(participant__label="P1").count() == 2, "a voice goes by its own term"
    assert coded.uses(talk.study, coded.of_sessions([talk])) == before
    assert coded.agreement(coded.of_sessions([talk]))[0] == agreed
    assert Code.objects.count() == 1
    again = bring(talk, quality, name="再来.txt")
    assert (again.added, Utterance.objects.worded().beside_voices().count()) == (0, 1), "nor do they come back"
    coder = Staff.objects.get(number="8101")
    assert "转账挺方便" not in make.client(coder).get(f"/focus/sessions/{talk.pk}/coding/").content.decode()
    talks.record_consent(left.participant_id, "voice", timezone.localdate(), by=quality)
    assert not Utterance.objects.waiting().filter(pk=left.pk).exists(), "nothing to be heard is no voice"
    talks.record_consent(left.participant_id, "analysis", timezone.localdate(), by=quality)
    in_force("utterances", months=12, manner="delete")
    assert keeping.clear(now, "utterances") == 1
    assert not Utterance.objects.filter(pk=left.pk).exists()
