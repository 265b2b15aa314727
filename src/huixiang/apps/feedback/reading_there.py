"""Who reads many texts? The bank's cluster where one is named, each worker by the same books and models; else nobody.

Runs on the workers, without Django: the bank's books and models must lie there under the same paths.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from huixiang.apps.feedback import in_use, rulebooks
from huixiang.domain.understanding.understander import Again
from huixiang.lake.spark import spreading
from huixiang.lake.spark.cluster import Cluster
from huixiang.lake.spark.trouble import NoCluster

NAMED = (*rulebooks.VARIABLES.values(), rulebooks.OPINION_WORDS, "HUIXIANG_TIME_ZONE")
Answer = tuple[str, Any]  # who read it, and what it says
Making = Callable[[], in_use.Reading]


def again(
    cluster: Cluster, models: Path, reads: in_use.Reading, texts: tuple[Sequence[str], Sequence[str], Sequence[bool]]
) -> list[Again]:
    """Texts understood once more, in their order: normal forms, masked forms, whether said to the bank.

    Raises NoCluster, also where a worker reads by something else than `reads`.
    """
    rows = pa.table(dict(zip(("normal", "masked", "addressed"), map(pa.array, texts), strict=True)))
    work = partial(_again, named(), str(models))
    told = spreading.in_order(cluster.session(), rows, work)
    if others := {label for label, _ in told} - {reads.told}:
        raise NoCluster("other_code", sorted(others)[0])
    return [each for _, each in told]


def named() -> tuple[tuple[str, str], ...]:
    """Which books are the bank's own? For the workers, who know nothing of our environment."""
    return tuple((name, os.environ[name]) for name in NAMED if os.environ.get(name))


def as_named(environment: Sequence[tuple[str, str]]) -> None:
    for name in NAMED:
        os.environ.pop(name, None)
    os.environ.update(dict(environment))


def _again(environment: Sequence[tuple[str, str]], models: str, rows: pa.Table) -> list[Answer]:
    reads = _reader(tuple(environment), models, _pointed(models))
    columns: Mapping[str, list[Any]] = rows.to_pydict()
    found = reads.understander.again(columns["normal"], columns["masked"], columns["addressed"])
    return [(reads.told, each) for each in found]


def _pointed(models: str) -> float:
    """A worker lives longer than a model is active."""
    try:
        return (Path(models) / in_use.POINTER).stat().st_mtime
    except OSError:
        return 0.0


@lru_cache(maxsize=1)
def _reader(environment: tuple[tuple[str, str], ...], models: str, _since: float) -> in_use.Reading:
    as_named(environment)
    return in_use.understander(Path(models))
