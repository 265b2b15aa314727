"""Do the bank's classes of customers tell whom a need concerns and what it weighs, and single nobody out?"""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import tiers
from huixiang.apps.feedback.actions import Choice
from huixiang.apps.feedback.advice import advice
from huixiang.apps.feedback.models import TierBook
from huixiang.apps.needs import actions, evidence, weighing
from huixiang.apps.needs.models import Need
from huixiang.channels import registry
from huixiang.domain.tiers import SHIPPED
from huixiang.lake import expiring, questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import bring_in
from tests.make import Bank

pytestmark = pytest.mark.one_database

# Who waits in line, who is content: outlet, the bank's own word for the class, how many.
WAIT = [("N11", "普通客户", 14), ("N11", "金卡", 12), ("N12", "私行", 3), ("S11", "钻石", 6), ("S11", "", 5)]
CONTENT = [("N11", "大众", 20), ("N12", "黄金卡", 12), ("S11", "私人银行", 8)]


def file_of(folder: Path, name: str = "留言.csv") -> Path:
    """Each by a customer of his own."""
    path, day = folder / name, timezone.localdate() - timedelta(days=3)
    said = [(*each, "排队等候太久，急死人") for each in WAIT] + [(*each, "柜员热情周到") for each in CONTENT]
    rows = [(unit, tier, text) for unit, tier, number, text in said for _time in range(number)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "时间", "机构", "客户号", "客户等级", "内容"])
        for n, (unit, tier, text) in enumerate(rows):
            table.writerow([f"W{n}", f"{day} 09:00", unit, f"C1000{n:04d}", tier, f"{text}，第{n}次来"])
    return path


def mapping_of(path: Path) -> str:
    return registry.guess(path).mapping


@pytest.fixture
def heard(lake: Lake, bank: Bank, tmp_path: Path) -> Lake:
    path = file_of(tmp_path)
    mapping = mapping_of(path)
    assert 'tier = "客户等级"' in mapping
    bring_in(path, mapping=mapping, channel="website")
    return lake


@pytest.fixture
def waiting(heard: Lake, quality: Staff) -> Need:
    rules = [evidence.rule(evidence.group(terms=["排队"]), kinds=["demand", "expectation", "pain_point"])]
    return actions.propose(actions.Wording("少等一点", "pain_point"), rules, by=quality)


def weighed(lake: Lake, need: Need, by: Staff) -> weighing.Weighed:
    (row,) = weighing.weighed(lake, evidence.reach(by), [need])
    return row


def settled(browser: Any, **weights: float) -> Any:
    """The page's form as it is sent, with these weights."""
    data = {"tier-TOTAL_FORMS": 5, "tier-INITIAL_FORMS": 4, "unknown": 1, "note": "试行"}
    for place, tier in enumerate(SHIPPED.tiers):
        told = {"code": tier.code, "name": tier.name, "name_en": tier.name_en, "words": "、".join(tier.words)}
        told["weight"] = str(weights.get(tier.code, 1))
        data |= {f"tier-{place}-{name}": value for name, value in told.items()}
    extra = weights.get("diamond")
    diamond = {"code": "diamond", "name": "钻石", "name_en": "", "words": "", "weight": str(extra)} if extra else {}
    data |= {f"tier-4-{name}": value for name, value in (diamond or {"code": "", "name": ""}).items()}
    return browser.post(reverse("customer_tiers"), data)


def test_nothing_changes_before_the_bank_sets_a_weight_and_then_both_are_told(
    heard: Lake, waiting: Need, quality: Staff, manager: Staff
) -> None:
    before = weighed(heard, waiting, quality)
    assert before.importance is not None
    assert before.importance.points == before.importance.plain
    web, page = make.client(quality), reverse("need", args=[waiting.pk])
    shown = web.get(page).content.decode()
    assert "各等级权重相同，不影响先后" in shown
    assert make.client(manager).get(reverse("customer_tiers")).status_code in {403, 404}, "weights are the whole bank's"
    assert settled(web, gold=3).status_code == 302
    assert settled(web, gold=3).status_code == 302, "the same again is no new edition"
    assert TierBook.objects.count() == AuditRecord.objects.filter(verb="tier.settle").count() == 1
    assert settled(web, gold=-1).status_code == 422

    after = weighed(heard, waiting, quality).importance
    assert after is not None
    assert after.value.mean.value == pytest.approx((12 * 3 + 28) / 40), "three private customers weigh as unknown"
    assert (after.value.known, after.value.of) == (26, 40)
    assert after.points.value == pytest.approx(before.importance.points.value * 1.6)
    assert after.plain == before.importance.plain
    shown = web.get(page).content.decode()
    for told in ("1.60", "不计客户价值", "40 条中 26 条", "全部 80 条声音中，58 条"):
        assert told in shown
    assert "私人银行" in shown
    assert "少于 10 条，或可由此反推，不显示" in shown


def test_the_same_by_the_api_and_in_the_export(heard: Lake, waiting: Need, quality: Staff, manager: Staff) -> None:
    api = caller(quality, "need.see", "need.manage", "need.export", "voice.see")
    listed = api.get("/tiers").json()
    listed["tiers"][1]["weight"] = 3
    assert api.put("/tiers", listed).json()["tiers"][1]["weight"] == 3
    assert api.put("/tiers", {"tiers": [listed["tiers"][0], listed["tiers"][0]]}).status_code == 422
    assert caller(manager, "need.manage").put("/tiers", listed).status_code in {403, 404}
    found = api.get(f"/needs/{waiting.pk}").json()
    lines = {line["tier"]: (line["voices_count"], line["of_count"]) for line in found["tiers"]}
    assert lines == {"ordinary": (14, 34), "gold": (12, 24), "private": (None, None), "": (None, None)}
    told = found["importance"]
    assert (told["value"], told["points_without_value"]["value"] * 1.6) == pytest.approx((1.6, told["points"]["value"]))
    exported = b"".join(api.get("/needs/export").streaming_content).decode()
    assert "普通 14/34；金卡 12/24；私人银行 —；未注明 —" in exported


def test_voices_are_chosen_by_class_only_where_nobody_is_singled_out(
    heard: Lake, quality: Staff, manager: Staff
) -> None:
    web = make.client(quality)

    def shown(tier: str) -> list[tuple[str | None, str]]:
        page = web.get(reverse("voices"), {"tier": tier}).context["found"].voices
        return sorted({(voice.branch, voice.text[:2]) for voice in page})

    assert shown("gold") == [("N11", "排队"), ("N12", "柜员")]
    assert shown("private") == [], "three at one outlet and eight at another are too few"
    api = caller(quality, "voice.see", "overview.see")
    assert len(api.get("/voices", tier="gold").json()["items"]) == 24
    assert api.get("/voices", tier="diamond").status_code == 422
    assert 'name="tier"' in web.get(reverse("overview")).content.decode()
    reach = Slice(branches=manager.scope("voice.see"))
    assert questions.count(heard, tiers.shown(heard, reach, "ordinary")) == 34, "in the north"


def test_a_word_that_the_list_learns_counts_once_the_file_comes_again(
    heard: Lake, quality: Staff, tmp_path: Path
) -> None:
    assert dict(questions.by_tier(heard, Slice())) == {"": 11, "gold": 24, "ordinary": 34, "private": 11}
    unlisted = [v for v in questions.stream(heard, Slice()) if "钻石" in json.loads(v.extra).get("客户等级", "")]
    assert len(unlisted) == 6, "what the list does not hold is not lost"
    path = file_of(tmp_path)
    (said,) = advice(
        registry.guess(path), Choice("csv", mapping_of(path).replace("客户等级", "内容"), channel="website")
    )
    assert "客户等级的名单里没有" in said
    assert settled(make.client(quality), diamond=1).status_code == 302
    again = file_of(tmp_path, "再来.csv")
    bring_in(again, mapping=mapping_of(again), channel="website")
    assert dict(questions.by_tier(heard, Slice()))["diamond"] == 6
    assert questions.count(heard, Slice()) == 80

    ids = [voice.id for voice in questions.stream(heard, Slice())]
    expiring.expire(heard, "voices", ids, expiring.renamed(b"salt"))
    assert dict(questions.by_tier(heard, Slice())) == {"": 80}, "of what is only counted no class is left"
