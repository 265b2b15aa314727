"""People say which risks a voice bears; what they teach adds to the book's words, and takes none of them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions, dealing
from huixiang.apps.annotation.models import ModelVersion
from huixiang.apps.feedback import findings
from huixiang.domain.understanding.learned.risks import Risks
from huixiang.domain.understanding.understander import Understander
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


def test_what_people_see_as_a_risk_is_told_beside_the_books_words(
    lake: Lake, quality: Staff, bank: Bank, tmp_path: Path, settings: Any
) -> None:
    settings.LABELLED_TWICE = 0.0
    heard = learning.voices(lake, 60)
    every = {
        voice.id: "group" if any(word in voice.text for word in ("没人管", "不认账", "打不通")) else "-"
        for voice in heard
    }
    page = make.client(quality).get("/labels/risks/").content.decode()
    assert "没有任何风险" in page
    assert "尽快处理 › 群体投诉" in page
    while dealt := dealing.deal("risks", quality):
        sealed = dealing.opened("risks", quality, dealing.sealed("risks", quality, dealt))
        actions.label("risks", {id: every[id] for id in sealed}, sealed, by=quality)
    learning.locked(dict(sorted(every.items())[:20]), quality, "risks")
    perform.func(str(actions.train("risks", "r", by=quality).pk))
    version = ModelVersion.objects.get()
    assert version.card["tells"] == ["group"]
    kept = actions.activate(version, by=quality)
    assert (kept.verdict["measure"], kept.verdict["difference"][0] > 0) == ("micro_f1", True)
    bring_in(table(tmp_path / "next.csv", [row(99, 内容="排队太久没人管，乱收费还不认账，我要去银保监会投诉你们")]))
    voice = next(each for each in spoken(lake) if "银保监会" in each.text)
    assert {"group", "regulator"} <= set(voice.risks)
    assert findings.of(voice).by == {"risks": "r-1"}
    assert "由风险规则与模型 r-1 判断" in make.client(quality).get(f"/voices/{voice.id}/").content.decode()


def test_a_voice_in_which_a_model_sees_a_risk_is_never_noise() -> None:
    class Alarmed(Risks):
        def __init__(self) -> None:
            """Sees one risk that the book holds, and one that it holds no more."""

        def read(self, normals: Any, tokens: Any) -> Any:
            from huixiang.domain.understanding.contract import Topic

            return [(Topic("gone", 0.9, ()), Topic("group", 0.7, ("一起",))) for _normal in normals]

    chat = "哈哈哈哈"
    (plain,), (found,) = Understander().read([chat]), Understander(risks=Alarmed()).read([chat])
    assert (plain.kind.code, plain.risks) == ("noise", ())
    assert found.kind.code != "noise"
    assert [(risk.code, risk.level) for risk in found.risks] == [("group", "soon")]
