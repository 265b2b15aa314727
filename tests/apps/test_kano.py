"""Would customers miss it, or be delighted? A survey asks both ways, and a need's page tells the class, or why not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.urls import reverse

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.needs import actions, evidence, kano
from huixiang.apps.needs.actions import Pairing
from huixiang.apps.needs.models import KanoPair, Need
from huixiang.apps.surveys import analyses, joint
from huixiang.apps.surveys.actions import Terms, create_survey
from huixiang.apps.surveys.answer_rows import Filled
from huixiang.apps.surveys.models import Survey, Version
from huixiang.apps.surveys.result_cells import Choice, asked
from huixiang.apps.surveys.starting import started
from huixiang.channels.contract import Fault
from huixiang.domain.needs.kano import Kano, class_of
from huixiang.domain.surveys.checking import problems
from huixiang.domain.surveys.kano_pairs import ANSWERS, first_twins, twins
from huixiang.domain.surveys.plain import from_plain, to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire, Section, worded
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.surveys import lies_in_the_lake, said, survey
from tests.make import Bank

pytestmark = pytest.mark.one_database
ASKED = Questionnaire(said("取号"), (Section("s1", said("取号"), twins({"zh": "网上取号"}, ("with", "without"))),))
MISSED, LOVED, SHRUGGED = ("expect", "dislike"), ("like", "neutral"), ("neutral", "neutral")


def answers(*given: tuple[tuple[str, str], int], unit: str = "N11", **fields: Any) -> list[Filled]:
    """So many customers of an outlet who answered so."""
    found = []
    for one, other in (pair for pair, count in given for _each in range(count)):
        own = {code: said for code, said in (("with", one), ("without", other)) if said}
        number = f"{abs(hash((unit, len(found), given, *fields))) % 10**20:024d}"
        found.append(Filled(number, own, ["with", "without"], date(2026, 3, 2), unit=unit, via="link", **fields))
    return found


def need(by: Staff, name: str = "网上取号", unit: str = "") -> Need:
    rules = [evidence.rule(evidence.group([], ["取号"]), kinds=["demand"])]
    return actions.propose(actions.Wording(name, "demand", ""), rules, unit, by=by)


def linked(by: Staff, version: Version, **fields: str) -> Need:
    found = need(by, **fields)
    actions.link_kano(found.pk, Pairing(version.survey_id, "with", "without"), by=by)
    return found


def shown(by: Staff, found: Need) -> str:
    return make.client(by).get(reverse("need", args=[found.pk])).content.decode()


def test_the_builder_puts_both_questions_ready_to_be_published(bank: Bank, manager: Staff) -> None:
    draft = create_survey(bank.north_outlet, Terms("到店"), started("visit"), by="cli:test")
    section = from_plain(draft.draft).sections[0].code
    address, browser = reverse("survey_kano_new", args=[draft.pk, section]), make.client(manager)
    page = browser.get(reverse("survey_questions", args=[draft.pk])).content.decode()
    assert "加入一对 Kano 问题" in page
    assert address in page
    fields: dict[str, Any] = {"revision": draft.revision, "feature": "网上取号"}
    answer = browser.post(address, fields | {"feature": " "}, follow=True)
    assert "请写明问的是哪项服务或功能" in answer.content.decode()
    assert browser.post(address, fields).status_code == 302
    assert browser.post(address, fields, follow=True).content.decode().count("改过这份问卷") == 1, (
        "not twice by a stale page"
    )
    made = from_plain(Survey.objects.get().draft)
    found = first_twins(made)
    assert found is not None
    assert [worded(each.wording, "zh")[:9] for each in found] == ["如果有“网上取号”", "如果没有“网上取号"]
    assert [choice.code for choice in found.functional.choices] == list(ANSWERS)
    assert worded(found.dysfunctional.choices[1].wording, "en") == "I expect it"
    assert not [each for each in problems(made) if not each.is_hint]
    assert AuditRecord.objects.filter(verb="survey.edit").count() == 1


def test_a_need_is_linked_tells_its_class_and_is_unlinked(
    bank: Bank, lake: Lake, quality: Staff, manager: Staff
) -> None:
    version = survey(bank.head_office, ASKED)
    found = need(quality)
    assert "有了成对的 Kano 问卷答卷才能归类，现在还没有" in shown(quality, found)
    browser, address = make.client(quality), reverse("need_kano", args=[found.pk])
    assert "网上取号" in browser.get(address).content.decode(), "the only survey that fits is chosen already"
    pair = {"survey": version.survey_id, "functional": "with", "dysfunctional": "without"}
    assert "两道不同的题" in browser.post(address, pair | {"dysfunctional": "with"}).content.decode()
    assert browser.post(address, pair).status_code == 302
    assert "不足 10 人" in shown(quality, found)
    lies_in_the_lake(lake, version, answers((MISSED, 60), (LOVED, 20), (("like", ""), 5)))
    lies_in_the_lake(lake, version, answers((LOVED, 14), (SHRUGGED, 6), unit="S11"))
    page = shown(quality, found)
    for words in ("必备型", "100 份答卷", "领先第二位“魅力型”+26.0 个百分点", "不知道问了多少人", "各份答卷同样算"):
        assert words in page
    assert "未证实" not in page[page.index('id="kano"') : page.index("hx-kano-from")]
    assert make.client(manager).get(address).status_code == 404, "the need is the whole bank's"
    assert _class(lake, found, manager) == (Kano.MUST_BE, 80), "of her own outlets"
    assert browser.post(reverse("need_kano_off", args=[found.pk])).status_code == 302
    assert not KanoPair.objects.exists()
    assert "→" in shown(quality, found), "the history keeps what to link again"
    verbs = AuditRecord.objects.filter(verb__contains="kano").values_list("verb", flat=True)
    assert Counter(verbs) == {"need.link_kano": 1, "need.unlink_kano": 1}


def _class(lake: Lake, found: Need, by: Staff) -> tuple[Kano, int] | str | None:
    told = kano.told(lake, Need.objects.whole().get(pk=found.pk), by)
    assert told is not None
    return (told.found.kano, told.found.n) if told.found else told.why


def test_lists_files_and_the_interface_tell_it_too(bank: Bank, lake: Lake, quality: Staff) -> None:
    version = survey(bank.head_office, ASKED)
    lies_in_the_lake(lake, version, answers((MISSED, 30), (LOVED, 28)))
    found, other, api = need(quality), need(quality, "少排队"), caller(quality)
    pair = {"survey_id": version.survey_id, "functional": "with", "dysfunctional": "without"}
    assert api.post(f"/needs/{found.pk}/kano", pair | {"functional": "nps"}).status_code == 422
    assert api.post(f"/needs/{found.pk}/kano", pair | {"survey_id": 999}).status_code == 404
    assert api.post(f"/needs/{found.pk}/kano", pair).json()["kano_pair"] == pair
    told = {each["id"]: each["kano"] for each in api.get("/needs").json()["items"]}
    assert told[other.pk] is None
    assert (told[found.pk]["kano"], told[found.pk]["is_proven"], told[found.pk]["answers_count"]) == (
        "must_be",
        False,
        58,
    )
    assert [each["count"] for each in told[found.pk]["classes"]] == [30, 0, 28, 0, 0, 0]
    assert caller(quality, "need.see").get(f"/needs/{found.pk}").json()["kano"] is None, "the token reads no surveys"
    page = make.client(quality).get("/needs/").content.decode()
    assert page.count("必备型") == 1
    assert "未证实" in page
    table = b"".join(make.client(quality).get("/needs/export/csv/")).decode("utf-8-sig")  # type: ignore[call-overload]
    rows = {row["名称"]: (row["Kano 类别"], row["Kano 答卷数"]) for row in csv.DictReader(io.StringIO(table))}
    assert rows == {"网上取号": ("必备型", "58"), "少排队": ("", "")}
    assert api.post(f"/needs/{found.pk}/kano/unlink").json()["kano_pair"] is None
    assert api.post(f"/needs/{found.pk}/kano/unlink").status_code in (409, 422)


def test_who_may_link_what_and_where_the_link_goes(bank: Bank, quality: Staff, manager: Staff, stranger: Staff) -> None:
    version = survey(bank.south_branch, ASKED)
    own, pairing = need(manager, unit="N11"), Pairing(version.survey_id, "with", "without")
    with pytest.raises(ObjectDoesNotExist):
        actions.link_kano(own.pk, pairing, by=manager)  # another branch's survey
    with pytest.raises(PermissionDenied):
        actions.unlink_kano(linked(quality, version).pk, by=manager)
    assert "您的岗位看不到" in shown(manager, linked(quality, version))
    draft = create_survey(bank.head_office, Terms("草稿"), ASKED, by="cli:test")
    with pytest.raises(Fault, match="还没有发布"):
        actions.link_kano(own.pk, replace(pairing, survey=draft.pk), by=quality)
    first = linked(quality, version)
    target = actions.merge(first.pk, need(quality, "少排队").pk, by=quality)
    assert target.pair is not None
    assert Need.objects.get(pk=first.pk).pair is None
    Version.objects.create(survey=version.survey, number=2, definition=to_plain(started("visit")))
    assert "请换一对" in shown(quality, target)


def anonymous(lake: Lake, bank: Bank, *given: tuple[tuple[str, str], int]) -> Version:
    version = survey(bank.head_office, ASKED, is_anonymous=True)
    lies_in_the_lake(lake, version, [replace(each, shown=None) for each in answers(*given)])
    return version


@pytest.mark.parametrize(
    ("few", "is_told"),
    [
        ((("dislike", "like"), 0), True),
        ((("dislike", "like"), 4), False),  # who would rather not have it: four people
        ((("like", "dislike"), 12), True),
    ],
)
def test_an_anonymous_survey_tells_whole_classes_or_none(
    bank: Bank, lake: Lake, quality: Staff, few: tuple[tuple[str, str], int], *, is_told: bool
) -> None:
    version = anonymous(lake, bank, (MISSED, 40), (LOVED, 30), (SHRUGGED, 30), few)
    found = linked(quality, version)
    page = shown(quality, found)
    assert ("问卷是匿名的，有些组合" in page) is not is_told
    assert ("必备型" in page) is is_told
    assert (_class(lake, found, quality) == "hidden") is not is_told
    assert bool(caller(quality).get(f"/needs/{found.pk}").json()["kano"]) is is_told


def test_class_sums_never_tell_what_the_cross_table_hides(bank: Bank, lake: Lake, quality: Staff) -> None:
    """Who takes the shown cells from a class's number is left with nobody, or with ten in two cells and more."""

    shrugs = [(one, other) for one in ANSWERS for other in ANSWERS if class_of(one, other) is Kano.INDIFFERENT]
    spread = [(pair, 1 + 3 * place) for place, pair in enumerate(shrugs)]
    version = anonymous(lake, bank, (MISSED, 40), (LOVED, 30), *spread)
    it = asked(version.survey, Choice(), quality)
    table = analyses.crossed(lake, it, "with", "without")
    assert table is not None
    assert table.table.hidden.any()
    told = kano.told(lake, Need.objects.whole().get(pk=linked(quality, version).pk), quality)
    assert told is not None
    assert told.found is not None
    counts = Counter[Kano]()
    for pair in joint.pairs(lake, it, "with", "without"):
        if pair.row and pair.column:
            counts[class_of(pair.row, pair.column)] += pair.n
    assert told.found.counts == {each: counts[each] for each in Kano}
