"""`huixiang understand --llm` adds what an outside model suggests; the built-in reading stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord
from huixiang.web.cli import main
from tests.plugins.server import LABELS, serving

TEXTS = [
    "排队两个小时没人管，我叫王丽华，电话13800138000",
    "柜员耐心周到",
    "",
    "排队两个小时没人管，我叫李小明，电话13900139000",
]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIXIANG_DATA", str(tmp_path))
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS), "utf-8")
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.one_database
@pytest.mark.django_db
def test_suggestions_stand_beside_the_rules_within_the_budget(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    out, plain = tmp_path / "out.jsonl", tmp_path / "plain.jsonl"
    command = ["understand", str(file), "--out", str(out), "--llm"]
    assert main(command) == 2
    assert "HUIXIANG_LLM_URL" in capsys.readouterr().err
    assert main(["understand", str(file), "--out", str(plain)]) == 0
    with serving() as server:
        monkeypatch.setenv("HUIXIANG_LLM_URL", server.url)
        monkeypatch.setenv("HUIXIANG_LLM_MODEL", "bank-llm")
        monkeypatch.setenv("HUIXIANG_LLM_KEY", "sk-a-secret")
        server.say = lambda data: json.dumps(LABELS | {"sentiment": "unknown", "risks": ["regulator"]})
        assert main(command) == 0
        found = rows(out)
        assert [row.pop("suggested")["unknown"] for row in found] == [None, None, "empty", None]
        assert found == rows(plain)
        first = rows(out)[0]["suggested"]
        assert first == {
            "by": "bank-llm",
            "unknown": None,
            "sentiment": None,
            "kind": "pain_point",
            "topics": [],
            "risk": ["regulator"],
        }
        assert len(server.requests) == 2  # masked, the first and the last say the same
        monkeypatch.setenv("HUIXIANG_LLM_MODEL", "another")
        monkeypatch.setenv("HUIXIANG_LLM_BUDGET", "requests_a_run=1")
        monkeypatch.setenv("HUIXIANG_LLM_CONCURRENCY", "1")
        assert main(command) == 0
        assert [row["suggested"]["unknown"] for row in rows(out)] == [None, "budget", "empty", None]
        told = capsys.readouterr().err
        assert "预算已用完：1 条" in told
        assert "sk-a-secret" not in told + out.read_text("utf-8")
        assert not any(name in server.sent for name in ("王丽华", "李小明", "13800138000", "13900139000"))
        assert main(["plugins", "check", "--json"]) == 1  # the server does not list "another"
        check = json.loads(capsys.readouterr().out)
        assert (check["reachable"], check["model_known"], check["requests_today"]) == (True, False, 3)
        assert "sk-a-secret" not in json.dumps(check)
    monkeypatch.setenv("HUIXIANG_LLM_MODEL", "bank-llm")
    assert main(["plugins", "check"]) == 1
    assert "联系不上" in capsys.readouterr().out
    assert main(["plugins", "forget", "llm"]) == 0
    assert "已丢弃 3 个答案" in capsys.readouterr().out
    assert AuditRecord.objects.get(verb="plugin.forget").actor.startswith("cli:")
    monkeypatch.delenv("HUIXIANG_LLM_URL")
    assert main(["plugins", "check"]) == 0
    assert "没有设置" in capsys.readouterr().out
