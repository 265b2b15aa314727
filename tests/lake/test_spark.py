"""A bank outgrows one machine, names a cluster, and is told the same: by questions, roll-ups and what is read of texts.

One story, so that a real cluster (a master and two workers) is started once in a whole run.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from huixiang.apps.feedback import in_use, reading_there
from huixiang.lake import questions
from huixiang.lake.engine import FilesGone
from huixiang.lake.questions import AnyOf, Evidence, Rule, Slice, raw_waits, wait_days, waits
from huixiang.lake.rolled import rows_of
from huixiang.lake.spark import session
from huixiang.lake.spark.chosen import Chosen, Misnamed, chosen
from huixiang.lake.spark.cluster import Cluster
from huixiang.lake.spark.dialect import Unsaid, in_spark
from huixiang.lake.spark.trouble import NoCluster
from huixiang.lake.store import Lake
from huixiang.web.cli import main
from tests import standalone
from tests.lake.test_waits import MONDAY, at_rank, tickets
from tests.lake.voices import some, table

pytestmark = pytest.mark.one_database
LAST = MONDAY + timedelta(days=40)
NEED = Evidence((Rule((AnyOf(("C.service", "C.pricing")),)), Rule((AnyOf(terms=("银行",)),))))
SPRING = Slice(branches=frozenset({"N11", ""}), since=date(2026, 1, 20), until=date(2026, 3, 3))
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
OPTIONS = {
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.driver.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",  # to compile takes longer than to read so few rows
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}

VOICES: dict[str, Callable[[Lake], Any]] = {
    "how many": lambda lake: questions.count(lake, Slice(query="银", risks=("fraud",), topics=("C.service",))),
    "by week": lambda lake: questions.volume(lake, Slice(), "week"),
    "of topics": lambda lake: sorted(questions.mentions(lake, Slice(copies=False), "topics"), key=repr),
    "needs": lambda lake: questions.tallies(lake, Slice(), (NEED,), ("fraud",)),
    "a need": lambda lake: sorted(questions.portrait(lake, Slice(), NEED, ("fraud",)), key=repr),
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[standalone.Cluster]:
    if reason := standalone.why_not():
        pytest.skip(reason)
    found = standalone.Cluster()
    yield found
    session.end()
    found.stop()


@pytest.fixture
def here(tmp_path: Path) -> Lake:
    """A fortnight of tickets and some voices, each in several files."""
    lake, dice = Lake(tmp_path / "here"), Random(7)
    waited = [
        (dice.randrange(14), dice.choice("AB" if n < 900 else "CDEFG"), dice.randrange(4_000), dice.random() < 0.1, n)
        for n in range(1_500)
    ]
    for batch, begin in enumerate(range(0, 1_500, 500), 1):
        lake.append_once("tickets", tickets(waited[begin : begin + 500], begin), writer="w", batch=batch)
        lake.append_once("voices", table(some(150, begin)), writer="import", batch=batch)
    return lake


@pytest.mark.cluster
def test_a_cluster_tells_what_one_machine_tells(
    cluster: standalone.Cluster, here: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = _on(cluster, here, tmp_path)
    assert there.cluster
    _the_administrator_checks(there.cluster, there.path, capsys)
    with there.heavily():
        asked = there.cluster.asked
        for name, ask in VOICES.items():
            assert _near(ask(here), ask(there)), name
            assert there.cluster.asked > asked, f"{name}: answered by the cluster"
            asked = there.cluster.asked
        _the_days_are_counted_there(here, there)
        _an_erasure_is_seen(there)
    _texts_are_read_there(there.cluster, tmp_path)
    asked = there.cluster.asked
    questions.count(there, Slice(copies=False))
    assert there.cluster.asked == asked, "what a page asks is answered here"


def _the_administrator_checks(cluster: Cluster, lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The six questions on tickets and one on voices, to the last digit, in order."""
    with pytest.MonkeyPatch.context() as told_by:
        told_by.setattr("django.conf.settings.LAKE_DIR", lake)
        told_by.setenv("HUIXIANG_SPARK_CONF", str(_conf(lake.parent)))
        told_by.setenv("HUIXIANG_SPARK_LAKE", cluster.chosen.lake)
        code = main(["engine", "check", "--engine", cluster.chosen.master])
    told = capsys.readouterr()
    assert code == 0, told
    assert told.out.count("相同 / equal") == len(raw_waits.QUESTIONS) + 1


def _conf(folder: Path) -> Path:
    file = folder / "spark.conf"
    file.write_text("\n".join(f"{name} {value}" for name, value in OPTIONS.items()), "utf-8")
    return file


def _the_days_are_counted_there(here: Lake, there: Lake) -> None:
    """Roll-ups, by the same code on the workers; and pages answer from them here."""
    assert there.cluster
    asked = there.cluster.asked
    waits.count_waits(there, MONDAY, LAST)
    assert there.cluster.asked == asked + 1, "a month at once"
    days = [(MONDAY + timedelta(days=day)).isoformat() for day in range(14)]
    for ours, theirs in zip(*(wait_days.months(lake, MONDAY, LAST) for lake in (here, there)), strict=True):
        for name in wait_days.OF_DAYS:
            assert _same(*(rows_of(Path(str(each.kept[name])), days) for each in (ours, theirs)), ordered=False), name
    assert waits.branch_days(here, MONDAY, LAST) == waits.branch_days(there, MONDAY, LAST)
    assert waits.spreads(here, MONDAY, LAST, "branch").keys() == waits.spreads(there, MONDAY, LAST, "branch").keys()
    assert there.cluster.asked == asked + 1


def _an_erasure_is_seen(there: Lake) -> None:
    """Files that an erasure removed while somebody asks: the question is put again, to what is left."""
    assert there.cluster
    view, before = there.view("voices"), questions.count(there, Slice())
    there.erase([some(1)[0]["id"]])
    with pytest.raises(FilesGone):
        there.cluster.fetch(there.engine, f'SELECT count(*) AS n FROM "{view}" WHERE length(id) > 0', {})
    assert questions.count(there, Slice()) == before - 1


def _texts_are_read_there(cluster: Cluster, tmp_path: Path) -> None:
    """By workers who know no Django; a worker that reads by something else is not believed."""
    texts = ["手机银行登录不上，等了半天", "利率太高了，我要投诉", "服务很好，谢谢", "电话 13812345678 转人工"] * 40
    reads = in_use.understander(tmp_path)
    told = (texts, texts, [True, False] * 80)
    assert reading_there.again(cluster, tmp_path, reads, told) == reads.understander.again(*told)
    with pytest.raises(NoCluster, match="other_code"):
        reading_there.again(cluster, tmp_path, replace(reads, label="another-1"), told)
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(json.dumps({"text": each}, ensure_ascii=False) for each in texts), "utf-8")
    with pytest.MonkeyPatch.context() as told_by:
        told_by.setenv("HUIXIANG_SPARK_CONF", str(_conf(tmp_path)))
        for name, more in (("here", []), ("there", ["--engine", cluster.chosen.master])):
            assert main(["understand", str(file), "--out", str(tmp_path / f"{name}.jsonl"), *more]) == 0
    assert (tmp_path / "here.jsonl").read_bytes() == (tmp_path / "there.jsonl").read_bytes()


def _on(cluster: standalone.Cluster, here: Lake, tmp_path: Path) -> Lake:
    """The same facts, under another address for the workers."""
    shutil.copytree(here.path, tmp_path / "there", ignore=shutil.ignore_patterns(".kept", ".rolled", ".spill"))
    (tmp_path / "mounted").symlink_to(tmp_path / "there")
    there = Lake(tmp_path / "there")
    named = Chosen(cluster.url, OPTIONS, f"file://{tmp_path}/mounted", from_mb=0)
    there.cluster = Cluster(named, there.path)
    return there


def _same(ours: pa.Table, theirs: pa.Table, *, ordered: bool = True) -> bool:
    both = [[tuple(row.values()) for row in each.to_pylist()] for each in (ours, theirs)]
    return ours.column_names == theirs.column_names and _near(*(both if ordered else map(sorted_, both)))


def sorted_(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def _near(ours: Any, theirs: Any) -> bool:
    """Whole numbers equal, others within a billionth."""
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-9)
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return len(ours) == len(theirs) and all(map(_near, ours, theirs))
    if isinstance(ours, Decimal):
        return int(ours) == theirs
    if hasattr(ours, "__slots__") and type(ours) is type(theirs) and hasattr(ours, "__dataclass_fields__"):
        return all(_near(getattr(ours, name), getattr(theirs, name)) for name in ours.__dataclass_fields__)
    return bool(ours == theirs)


def test_what_might_be_answered_otherwise_is_not_asked_of_the_cluster() -> None:
    for sql in (
        "SELECT hash(id) FROM t",
        "SELECT quantile_disc(x, 0.5) FROM t",
        "SELECT approx_count_distinct(x) FROM t",
        "SELECT regexp_matches(x, '[一-龥]') FROM t",
        "SELECT now()",
        "SELECT * FROM read_parquet('x')",
    ):
        with pytest.raises(Unsaid):
            in_spark(sql)
    said, tables = in_spark('WITH g AS (SELECT list_sort(list(s)) AS v FROM "a_1") SELECT len(v), v[3 // 2] FROM g')
    assert tables == ("a_1",)
    assert "SIZE(v), TRY_ELEMENT_AT(v, CAST(3 DIV 2 AS INT))" in said


def test_the_six_questions_rank_in_whole_numbers(here: Lake) -> None:
    """Against a plain sort of what was put in, and against the roll-ups."""
    last = MONDAY + timedelta(days=13)
    asked = raw_waits.Asked(MONDAY, last, "A", 600)
    told = raw_waits.ask(here, "branch_days", asked).to_pylist()
    days = {(each.branch, each.day): each for each in waits.branch_days(here, MONDAY, last)}
    for row in told:
        of = days[row["branch"], row["day"]]
        assert of.wait_p50
        assert of.wait_p95
        assert (row["called"], row["p50"], row["p95"]) == (of.called, of.wait_p50.value, of.wait_p95.value)
    assert raw_waits.ask(here, "one_branch", asked).to_pylist() == [row for row in told if row["branch"] == "A"]
    waited = here.fetch(f'SELECT branch, wait_seconds AS s FROM "{here.view("tickets")}" WHERE NOT "left"').to_pylist()
    branches = {row["branch"] for row in waited}
    at = {name: at_rank([row["s"] for row in waited if row["branch"] == name], 0.9) for name in branches}
    worst = raw_waits.ask(here, "worst", asked).to_pylist()
    assert [(row["branch"], row["p90"]) for row in worst] == sorted(at.items(), key=lambda each: (-each[1], each[0]))
    lanes = raw_waits.ask(here, "over_limit", asked).to_pylist()
    assert sum(row["over"] for row in lanes) == sum(row["s"] > 600 for row in waited)


def test_without_a_cluster_nothing_of_spark_is_loaded_and_a_worker_needs_no_django() -> None:
    import_all = "import sys, huixiang.lake.questions.waits, huixiang.apps.feedback.reading_there"
    told = f"{import_all}; sys.exit(bool({{'pyspark', 'django'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0


def test_what_a_bank_may_name(tmp_path: Path) -> None:
    file = tmp_path / "spark.conf"
    file.write_text("# of the house\nspark.executor.memory  4g\nspark.executor.cores=2\n", "utf-8")
    told = {"HUIXIANG_ENGINE": "spark://a.bank:7077,b.bank:7077", "HUIXIANG_SPARK_CONF": str(file)}
    named = chosen(told | {"HUIXIANG_SPARK_LAKE": "hdfs://nn/lake/", "HUIXIANG_SPARK_FROM_MB": "9"})
    assert named
    assert (named.options, named.lake, named.from_mb) == (
        {"spark.executor.memory": "4g", "spark.executor.cores": "2"},
        "hdfs://nn/lake",
        9,
    )
    assert chosen({}) is None
    assert chosen({"HUIXIANG_ENGINE": "duckdb"}) is None
    for engine in ("local[2]", "yarn", "k8s://https://10.0.0.1:6443"):
        assert chosen({"HUIXIANG_ENGINE": engine})
    for wrong in ("spark", "spark://host", "sc://host:15002", "local"):
        with pytest.raises(Misnamed, match="engine"):
            chosen({"HUIXIANG_ENGINE": wrong})
    file.write_text("spark.authenticate.secret\n", "utf-8")
    with pytest.raises(Misnamed, match=r"spark\.conf:1$"):
        chosen(told)


def test_a_cluster_that_is_not_there_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := standalone.why_not():
        pytest.skip(reason)
    with pytest.raises(NoCluster, match="master"):
        session.session(Chosen(f"spark://127.0.0.1:{standalone.free_port()}"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NoCluster, match="java"):
        session.session(Chosen("local[1]"))
    monkeypatch.setattr(session, "find_spec", lambda name: None)
    with pytest.raises(NoCluster, match="pyspark"):
        session.session(Chosen("local[1]"))
