"""Outside models beside the bank's people: they suggest where it bends no measure, and every use is in the audit."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import actions, cards, dealing, gathering, suggesting
from huixiang.apps.annotation.models import Label
from huixiang.apps.feedback import in_use, outside
from huixiang.apps.needs import proposals
from huixiang.apps.needs.evidence import group, rule
from huixiang.apps.needs.proposals import Candidate
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned.onnx import Onnx
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.browser import voices as made
from tests.domain.test_onnx import LABELS as FEELINGS
from tests.domain.test_onnx import of_texts
from tests.make import Bank
from tests.plugins.server import Server, serving

pytestmark = pytest.mark.one_database

KEY = "sk-a-secret-of-the-bank"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as found:
        for name, value in {"URL": found.url, "MODEL": "bank-llm", "KEY": KEY}.items():
            monkeypatch.setenv(f"HUIXIANG_LLM_{name}", value)
        yield found


def done(kind: str) -> str:
    job = Job.objects.get(kind=kind)
    perform.func(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.outcome_message
    return str(job.outcome_message % job.outcome_params)


def test_suggestions_are_shown_only_where_nobody_else_looks_and_count_as_no_label(
    bank: Bank, lake: Lake, quality: Staff, server: Server
) -> None:
    learning.voices(lake, 60)
    browser, page = make.client(quality), reverse("labelling", args=["sentiment"])
    assert "看外接模型的建议" not in browser.get(page).content.decode()
    assert server.requests == [], "looking at a page asks nobody"
    assert browser.post(reverse("labels_suggest", args=["sentiment"])).status_code == 302
    dealt = dealing.deal("sentiment", quality)
    free = {each.voice.id for each in suggesting.suggestible(dealt)}
    assert 0 < len(free) < 15
    assert not any(each.voice.id in free for each in dealt if each.draw == Label.Draw.RANDOM)
    assert done("suggest_labels").startswith(f"外接模型为 {len(free)} 条声音")
    assert len(server.requests) == len(free)
    assert browser.get(page).content.decode().count("看外接模型的建议") == len(free)
    assert len(server.requests) == len(free)
    assert not Label.objects.exists()
    asked = AuditRecord.objects.get(verb="plugin.ask")
    assert (asked.actor, asked.detail["asked"], asked.detail["host"]) == (
        quality.number,
        len(free),
        outside_host(server),
    )
    assert KEY not in json.dumps(asked.detail)
    given = {each.voice.id: "positive" for each in dealt}
    with transaction.atomic():
        blind = dealing.opened("sentiment", quality, dealing.sealed("sentiment", quality, dealt))
        actions.label(
            "sentiment", given, blind, by=quality
        )  # as through the API, or on a page dealt before the answers
        assert not Label.objects.exclude(suggested="").exists()
        transaction.set_rollback(True)
    (back,) = re.findall(r'name="dealt" value="([^"]+)"', browser.get(page).content.decode())
    browser.post(page, {"dealt": back} | {f"voice-{id}": value for id, value in given.items()})
    kept = {label.voice_id: (label.value, label.suggested) for label in Label.objects.all()}
    assert kept == {id: ("positive", "negative" if id in free else "") for id in given}
    assert {one.label for one in gathering.judged("sentiment")} == {"positive"}
    assert gathering.suggested("sentiment", kept) == len(free)


def test_who_may_not_label_asks_for_no_suggestions(bank: Bank, clerk: Staff, server: Server) -> None:
    with pytest.raises(PermissionDenied):
        suggesting.start("sentiment", by=clerk)
    assert not Job.objects.exists()


def outside_host(server: Server) -> str:
    return server.url.removeprefix("http://").removesuffix("/v1")


def test_the_models_page_tells_what_is_set_reached_and_left_and_never_the_key(
    bank: Bank, quality: Staff, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = make.client(quality)
    page = browser.get("/models/").content.decode()
    assert outside_host(server) in page
    assert "有密钥" in page
    assert "5,000" in page
    assert KEY not in page
    assert "可以联系" in browser.post("/models/plugins/check/", follow=True).content.decode()
    assert AuditRecord.objects.filter(verb="plugin.check", outcome="done").exists()
    call, outside_model = caller(quality), {"name": "llm", "model": "bank-llm", "host": outside_host(server)}
    (told,) = call.get("/plugins").json()
    assert told.items() >= (outside_model | {"has_key": True, "requests_left": 5000}).items()
    assert KEY not in str(told)
    assert call.post("/plugins/llm/check").json() == {"answers": True, "knows_model": True, "trouble": ""}
    assert call.post("/plugins/embeddings/check").status_code == 404, "none is set"
    assert call.post("/plugins/another/check").status_code == 422
    outside.ask(outside.label_questions(["排队太久"]), "labels", by=quality)
    assert "丢弃 bank-llm 的已知答案" in browser.get("/models/").content.decode()
    regional = make.staff("9098", bank.north, "quality_manager")
    assert caller(regional).post("/plugins/llm/forget").status_code == 404
    assert make.client(regional).post("/models/plugins/llm/forget/").status_code == 404
    assert call.post("/plugins/llm/forget").json() == {"answers_count": 1}
    assert "已丢弃 0 个答案" in browser.post("/models/plugins/llm/forget/", follow=True).content.decode()
    assert [each.detail["count"] for each in AuditRecord.objects.filter(verb="plugin.forget").order_by("seq")] == [1, 0]
    monkeypatch.setenv("HUIXIANG_LLM_MODEL", "another")
    assert "没有 another 这个模型" in browser.post("/models/plugins/check/", follow=True).content.decode()
    monkeypatch.setenv("HUIXIANG_LLM_BUDGET", "plenty")
    assert "HUIXIANG_LLM_BUDGET" in browser.get("/models/").content.decode()
    monkeypatch.delenv("HUIXIANG_LLM_URL")
    assert "文本不离开本系统" in browser.get("/models/").content.decode()


def test_a_topic_gets_a_proposed_name_out_of_its_own_words(
    bank: Bank, lake: Lake, quality: Staff, clerk: Staff, server: Server
) -> None:
    dice = Random(3)
    said_of = [("指纹登录识别失败", "闪退", "黑屏"), ("理财到期", "利息少了", "没有到账")]
    said = [said_of[n % 2][0] + dice.choice(said_of[n % 2][1:]) + str(n) for n in range(120)]
    made.fill(lake, [made.record(n, text, date(2026, 6, 1)) for n, text in enumerate(said)])
    browser, page = make.client(quality), reverse("trend_topics")
    shown = browser.get(page).content.decode()
    assert "请外接模型起名" in shown
    sealed = shown.split('name="topics" value="')[1].split('"')[0]
    names = reverse("trend_topic_names")
    assert make.client(clerk).post(names, {"topics": sealed}).status_code == 404
    browser.post(names, {"topics": sealed[:-1] + "?"})
    assert not Job.objects.exists()
    server.say = lambda data: json.dumps(
        {"name": "指纹登录失败" if "指纹" in "".join(data["phrases"]) else "请访问我们"}
    )
    browser.post(names, {"topics": sealed})
    done("name_topics")
    shown = browser.get(page).content.decode()
    assert "外接模型建议的名称：指纹登录失败" in shown
    assert "请访问我们" not in shown


def test_a_need_is_proposed_with_the_name_beside_its_own_also_when_nobody_answers(
    bank: Bank, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def candidate(key: str, *terms: str) -> Candidate:
        return Candidate(key, "原名", "demand", "客户常提到。", [rule(group(terms=terms))], 12)

    found = [candidate("topic:D.x", "等候"), candidate("found:a", "指纹", "登录失败"), candidate("found:b", "利息少")]
    server.say = lambda data: json.dumps({"name": "指纹登录"})
    told = proposals.with_names(found, by="system:nightly")
    assert [each.name for each in told] == ["原名"] * 3
    assert [each.statement for each in told] == [
        "客户常提到。",
        "客户常提到。外接模型建议的名称：指纹登录。",
        "客户常提到。",
    ]
    assert AuditRecord.objects.get(verb="plugin.ask").actor == "system:nightly"
    with monkeypatch.context() as broken:
        broken.setattr("huixiang.plugins.ledger.Ledger.keep", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            outside.ask_names([["登录", "闪退"]], by="system:nightly")
    assert AuditRecord.objects.filter(verb="plugin.ask", outcome="failed").exists(), "some of it may have left"
    monkeypatch.setenv("HUIXIANG_LLM_CA", "/no/such/file")
    monkeypatch.setenv("HUIXIANG_LLM_URL", "https://localhost:1/v1")
    assert proposals.with_names(found, by="system:nightly") == found
    monkeypatch.delenv("HUIXIANG_LLM_URL")
    assert proposals.with_names(found, by="system:nightly") == found
    with pytest.raises(Fault, match="没有设置外接模型"):
        suggesting.start("sentiment", by=make.staff("9099", bank.head_office, "analyst"))
    assert outside.known(outside.label_questions(["排队"])) == [None]


def test_a_brought_model_is_registered_measured_activated_and_without_its_runtime_the_rules_read(
    bank: Bank, lake: Lake, quality: Staff, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = learning.voices(lake, 24)
    learning.locked(learning.truth(voices), quality)
    model = Onnx(of_texts(), FEELINGS, name="ours.onnx")
    card = cards.card(model, source=Sentence("%(note)s", {"note": "ours"}), file=model.file)
    version = actions.register(model, card, name="ours", by=quality)
    assert version.figures["n"] == 24
    assert version.card["file"]["sha256"] == model.sha256
    page = make.client(quality).get(f"/models/{version.pk}/").content.decode()
    assert model.sha256 in page
    assert "由外部带来" in page
    actions.activate(version, by=quality, although_worse=True, reason="试用")
    bring_in(table(tmp_path / "next.csv", [row(99, 内容="等了太久")]))
    voice = next(each for each in spoken(lake) if each.text == "等了太久")
    assert (voice.understood_by, voice.sentiment) == ("ours-1", "negative")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert in_use.understander(data / "models").label.startswith("rules-")
    assert "huixiang[onnx]" in in_use.trouble(data / "models")
