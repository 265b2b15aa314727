"""Vectors of the bank's own endpoint: masked, kept, all of them or none."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huixiang.domain.understanding.asked.question import fit_to_leave
from huixiang.plugins.ledger import Ledger, key_of
from huixiang.plugins.service import EMBEDDINGS, Budget, Service
from huixiang.plugins.vectors import NoVectors, Vectors
from huixiang.web.cli import main
from tests.plugins.server import Server, serving

DAY = date(2026, 11, 27)
KEYED = key_of("a masking key of the bank")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def of(server: Server, ledger: Ledger, **changed: Any) -> Vectors:
    service = replace(Service(EMBEDDINGS, server.url, "bank-vectors", timeout_seconds=10), **changed)
    return Vectors(service, ledger, lambda: DAY, sleep=lambda seconds: None)


def test_rows_of_length_one_in_the_order_asked_masked_and_kept(server: Server, tmp_path: Path) -> None:
    texts = [f"第{n}张卡卡" if n % 2 else f"第{n}次排队，我叫王丽华" for n in range(70)]
    with Ledger(tmp_path / "ledger.sqlite3", KEYED) as ledger, of(server, ledger) as vectors:
        found = vectors([*texts, ""])
        assert np.allclose(np.linalg.norm(found, axis=1), 1)
        assert (found[:70, 0] > 0).tolist() == [bool(n % 2) for n in range(70)]
        assert len(server.requests) == 3
        assert "王丽华" not in server.sent
        assert np.array_equal(vectors([*texts, ""]), found)
        assert len(server.requests) == 3
        assert ledger.forget_texts([fit_to_leave(texts[0])]) == 1


@pytest.mark.parametrize(
    "vector", [[], [0.0, 0.0], [float("nan"), 1.0], ["a", "b"], [[1.0], [2.0]], [1e400, 1.0], None, [1.0] * 20_000]
)
def test_what_is_no_vector_is_refused(server: Server, tmp_path: Path, vector: Any) -> None:
    server.vector = lambda text: vector
    with (
        Ledger(tmp_path / "l.sqlite3", KEYED) as ledger,
        of(server, ledger) as vectors,
        pytest.raises(NoVectors) as why,
    ):
        vectors(["排队"])
    assert str(why.value) == "unusable"
    assert ledger is not None


def test_the_command_uses_them_or_says_that_words_alone_decide(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index, out = tmp_path / "index.csv", tmp_path / "out.jsonl"
    with index.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["text"], ["转账限额"], ["信用卡年费"]])
    query = tmp_path / "query.csv"
    query.write_text("text\n吞了卡，我叫王丽华\n", "utf-8")
    monkeypatch.setenv("HUIXIANG_DATA", str(tmp_path))
    asked = ["similar", "--index", str(index), "--query", str(query), "--k", "1", "--out", str(out)]
    assert main([*asked, "--vectors", "endpoint"]) == 2
    assert "HUIXIANG_EMBEDDINGS_URL" in capsys.readouterr().err
    monkeypatch.setenv("HUIXIANG_EMBEDDINGS_URL", server.url)
    monkeypatch.setenv("HUIXIANG_EMBEDDINGS_MODEL", "bank-vectors")
    server.vector = lambda text: [1.0, 0.0] if "卡" in text else [0.0, 1.0]
    assert main([*asked, "--vectors", "endpoint"]) == 0
    assert json.loads(out.read_text("utf-8"))["matches"][0]["row"] == 2
    assert "王丽华" not in server.sent
    monkeypatch.setenv("HUIXIANG_EMBEDDINGS_BUDGET", "requests_a_day=0")
    monkeypatch.setenv("HUIXIANG_EMBEDDINGS_MODEL", "another")
    assert main([*asked, "--vectors", "endpoint"]) == 0
    assert "只按字词比较" in capsys.readouterr().err
    assert Budget().requests_a_day > 0
