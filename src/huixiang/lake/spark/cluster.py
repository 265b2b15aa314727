"""Who answers what is heavy? A Spark cluster, from the very files of the lake's present version.

The files of a version are told by the lake's own log; Spark reads them as plain Parquet and needs no Delta of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from huixiang.lake.engine import Engine, FilesGone
from huixiang.lake.schema import PARTITION
from huixiang.lake.spark import session
from huixiang.lake.spark.chosen import Chosen
from huixiang.lake.spark.dialect import Unsaid, in_spark
from huixiang.lake.spark.spreading import Tables, by_day
from huixiang.lake.spark.trouble import NoCluster

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Answer = TypeVar("Answer")
VIEWS = 40  # known at once, as the engine's
GONE = ("FILE_NOT_EXIST", "PATH_NOT_FOUND", "FileNotFoundException")  # after an erasure


class Cluster:
    """Answers questions of one lake whose tables are large enough, and which can be said in Spark's words."""

    def __init__(self, chosen: Chosen, lake: Path) -> None:
        self.chosen, self._lake = chosen, lake
        self._views: dict[str, tuple[str, Sequence[str]]] = {}  # of which session, and what each reads
        self._asking = threading.Lock()
        self.asked = 0  # questions answered by the cluster

    def fetch(self, engine: Engine, sql: str, tables: Tables) -> pa.Table | None:
        """The answer; None where DuckDB is to give it. Raises NoCluster, and FilesGone after an erasure."""
        return self._asked(engine, sql, tables, lambda frame: frame.toArrow())

    def by_day(self, engine: Engine, sql: str, work: Callable[[pa.Table], Tables], share: float) -> list[Tables] | None:
        """What `work` makes of each day of the answer, on the workers; None where it is to be done here."""
        return self._asked(engine, sql, {}, lambda frame: by_day(frame, work), share)

    def session(self) -> SparkSession:
        """Raises NoCluster."""
        return session.session(self.chosen)

    def _is_large(self, engine: Engine, views: Sequence[str], share: float) -> bool:
        files = [file for view in views for file in engine.reads(view)[0]]
        size = 0
        for file in files:
            with suppress(OSError):
                size += Path(file).stat().st_size
        return bool(files) and size * share >= self.chosen.from_mb * 1_000_000

    def _asked(
        self, engine: Engine, sql: str, tables: Tables, get: Callable[[DataFrame], Answer], share: float = 1.0
    ) -> Answer | None:
        try:
            said, named = in_spark(sql)
        except Unsaid:
            return None
        views = [name for name in named if name not in tables]
        if not all(map(engine.knows, views)) or not self._is_large(engine, views, share):
            return None
        with self._asking:
            answer = self._answered(engine, views, tables, lambda spark: get(spark.sql(said)))
        self.asked += 1
        return answer

    def _answered(
        self,
        engine: Engine,
        views: Sequence[str],
        tables: Tables,
        get: Callable[[SparkSession], Answer],
    ) -> Answer:
        spark = self.session()
        try:
            for view in views:
                self._learn(spark, engine, view)
            for name, table in tables.items():
                spark.createDataFrame(table).createOrReplaceTempView(name)
            return get(spark)
        except Exception as error:
            told = str(error)
            if any(sign in told for sign in GONE):
                raise FilesGone(", ".join(views)) from None
            raise NoCluster("answer", type(error).__name__) from error  # its message may quote a row

    def _learn(self, spark: SparkSession, engine: Engine, view: str) -> None:
        files, schema = engine.reads(view)
        at = str(spark.sparkContext.applicationId), files
        if self._views.get(view) == at:
            return
        self._frame(spark, files, schema).createOrReplaceTempView(view)
        self._views.pop(view, None)
        self._views[view] = at
        for old in list(self._views)[:-VIEWS]:
            self._views.pop(old)
            spark.catalog.dropTempView(old)

    def _frame(self, spark: SparkSession, files: Sequence[str], schema: pa.Schema) -> DataFrame:
        from pyspark.sql.pandas.types import from_arrow_schema
        from pyspark.sql.types import StructType

        told: Any = from_arrow_schema(schema, prefer_timestamp_ntz=False)
        if not files:
            return spark.createDataFrame([], told)
        fields = StructType([*(field for field in told if field.name != PARTITION), told[PARTITION]])
        base = str(Path(files[0]).parents[1])
        source = spark.read.option("basePath", self._address(base)).schema(fields)
        return source.parquet(*map(self._address, files)).select(*schema.names)

    def _address(self, file: str) -> str:
        """Where the workers find it."""
        inside = Path(file).relative_to(self._lake).as_posix()
        return f"{self.chosen.lake or f'file://{self._lake}'}/{inside}"
