"""`huixiang understand … --engine spark://…`: a large file is read on the bank's cluster, text after text in order."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from huixiang.apps.feedback import reading_there
from huixiang.apps.feedback.clusters import said
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.understander import Understander
from huixiang.lake.spark import session, spreading
from huixiang.lake.spark.chosen import Misnamed, named
from huixiang.lake.spark.trouble import NoCluster

Given = tuple[tuple[str, Any], ...]
Making = Callable[[argparse.Namespace], Understander]
GIVEN = ("taxonomy", "risks", "dictionary", "opinion_words")


class There:
    """Understands as an Understander does, elsewhere."""

    def __init__(self, args: argparse.Namespace, make: Making) -> None:
        """`make` makes an Understander of such arguments, on the workers too."""
        given: dict[str, Any] = {name: _absolute(getattr(args, name)) for name in GIVEN}
        given |= {"model": tuple(_absolute(Path(folder)) for folder in args.model)}
        self._work = partial(_read, make, reading_there.named(), tuple(sorted(given.items())))
        try:
            self._chosen = named(args.engine, os.environ)
            session.session(self._chosen)
        except (NoCluster, Misnamed) as trouble:
            raise said(trouble) from trouble

    def read(self, texts: Sequence[str], addressed: Sequence[bool] = ()) -> list[Understanding]:
        told = pa.array(list(addressed), pa.bool_()) if addressed else pa.nulls(len(texts), pa.bool_())
        rows = pa.table({"text": pa.array(texts, pa.string()), "addressed": told})
        try:
            return spreading.in_order(session.session(self._chosen), rows, self._work)
        except NoCluster as trouble:
            raise said(trouble) from trouble


def _absolute(path: Path | None) -> Path | None:
    return path.resolve() if path else None


def _read(make: Making, environment: Given, given: Given, rows: pa.Table) -> list[Any]:
    addressed = [each for each in rows["addressed"].to_pylist() if each is not None]
    return list(_reader(make, environment, given).read(rows["text"].to_pylist(), addressed))


@lru_cache(maxsize=1)
def _reader(make: Making, environment: Given, given: Given) -> Understander:
    reading_there.as_named(environment)
    return make(argparse.Namespace(**dict(given)))
