"""Other systems label, agree, lock, train and compare as the pages do: same rights, same rules, once each."""

from __future__ import annotations

from typing import Any

import pytest

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.annotation import dealing, gathering
from huixiang.apps.annotation.models import Label, ModelVersion
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.api import Caller, caller
from tests.make import Bank

pytestmark = pytest.mark.one_database


def labelled(call: Caller, truth: dict[str, str], task: str = "sentiment") -> Any:
    """All that is dealt, said as it is in truth."""
    page = call.get(f"/labels/{task}/next").json()
    said = [{"voice_id": each["id"], "value": truth[each["id"]]} for each in page["voices"]]
    return call.post(f"/labels/{task}", {"dealt": page["dealt"], "labels": said}, key=page["dealt"][-40:])


def test_from_labels_to_a_model_in_use_and_back(
    lake: Lake, bank: Bank, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LABELLED_TWICE = 0.0
    monkeypatch.setattr(gathering, "FEWEST", 20)
    monkeypatch.setattr(dealing, "BY_LOT", 10)
    truth = learning.truth(learning.voices(lake, 60))
    call, other = caller(quality), caller(make.staff("9004", bank.head_office, "analyst"))
    first, again = (call.get("/labels/sentiment/next").json()["voices"] for _time in range(2))
    assert first == again
    for _page in range(2):
        for each in (call, other):
            labelled(each, truth)
    found = call.get("/labels/sentiment/agreement").json()
    assert (found["distance"], found["alpha"], found["disputed_count"]) == ("nominal", 1.0, 0)
    locked = call.post("/evaluation-sets", {"task": "sentiment"}).json()
    assert locked["voices_count"] >= 20
    assert [each["id"] for each in call.get("/evaluation-sets").json()["items"]] == [locked["id"]]
    wanted = {"task": "sentiment", "name": "q4"}
    job = call.post("/models", wanted, key="once").json()
    assert call.post("/models", wanted, key="once").json() == job, "asked again, it is not learned twice"
    perform.func(job["id"])
    place = f"/models/{ModelVersion.objects.get().pk}"
    card = call.get(place).json()
    assert (card["label"], card["figures"]["n"]) == ("q4-1", locked["voices_count"])
    assert set(card["labels"]) == {"negative", "positive"}
    assert call.get(f"{place}/comparison").json()["verdict"] in ("better", "unproven")
    assert call.get(f"{place}/comparison", against=999).status_code == 404
    perform.func(call.post(f"{place}/evaluate").json()["id"])
    assert call.get(place).json()["figures"]["at"] > card["figures"]["at"]
    assert call.post(f"{place}/activate", {}).json()["is_active"]
    assert call.post("/models/rollback", {"task": "sentiment", "reason": "试完"}).json() is None
    assert AuditRecord.objects.filter(verb="model.evaluate", source__contains="token:").count() == 1


def test_two_disagree_and_a_third_settles_what_nobody_else_may(
    lake: Lake, bank: Bank, quality: Staff, manager: Staff, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    truth = {voice.id: "D.responsiveness.waiting" for voice in learning.voices(lake, 60)}
    call, other = caller(quality), caller(make.staff("9004", bank.head_office, "analyst"))
    page = call.get("/labels/topics/next").json()
    assert {"value": "-", "name": "没有任何事项"} in page["choices"]
    assert labelled(call, truth, "topics").json() == {"kept_count": 20}
    assert labelled(other, dict.fromkeys(truth, "-"), "topics").json()["kept_count"] == 20
    found = call.get("/labels/topics/agreement").json()
    assert (found["distance"], found["disputed_count"] > 0) == ("masi", True)
    assert found["by_code"][0]["code"] == "D.responsiveness.waiting"
    third = caller(make.staff("9005", bank.head_office, "quality_manager"))
    assert call.get("/labels/topics/disputes").json() == [], "her own are not hers to settle"
    (dispute, *_) = third.get("/labels/topics/disputes").json()
    settled = {"voice_id": dispute["voice_id"], "version": dispute["version"], "value": "D.responsiveness.waiting"}
    assert third.post("/labels/topics/settlements", settled | {"value": "X"}).status_code == 422
    assert third.post("/labels/topics/settlements", settled).status_code == 201
    assert third.post("/labels/topics/settlements", settled).status_code == 422
    stale = {"dealt": "no page of ours", "labels": [{"voice_id": dispute["voice_id"], "value": "-"}]}
    assert "已经过期" in call.post("/labels/topics", stale).json()["detail"]
    northern = caller(manager)
    assert northern.get("/labels/topics/next").status_code == 200
    assert northern.get("/labels/topics/disputes").status_code == 404
    assert northern.post("/models", {"task": "topics", "name": "t"}).status_code == 404
    assert Label.objects.filter(by=manager).count() == 0
