"""Where is the cluster? One session a process, begun when something heavy is first asked, ended with the process."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import socket
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huixiang.lake.spark.chosen import Chosen
from huixiang.lake.spark.trouble import NoCluster

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REACH_SECONDS = 5.0
# What the answers depend on is not the bank's to choose: moments in UTC, partitions as texts, faults told and not
# turned into nulls, and the driver's and workers' quick way of handing over tables.
FIXED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    # Parquet's Java library cannot read a dictionary of more than 8 KB packed by LZ4 when it filters by it
    # (apache/parquet-java issue 3478): by the columns' least and greatest values whole groups stay unread anyway.
    "spark.hadoop.parquet.filter.dictionary.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
# What the bank may choose otherwise in its file.
USUAL = {
    "spark.app.name": "huixiang",
    "spark.ui.enabled": "false",  # its page shows queries, and with them what is looked for
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.shuffle.partitions": "64",  # at most; adaptive execution puts small ones together
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
}
_lock = threading.Lock()
_begun: dict[str, Any] = {}


def session(chosen: Chosen) -> SparkSession:
    """The process's session with this cluster. Raises NoCluster."""
    with _lock:
        if _begun.get("of") != (chosen.master, tuple(sorted(chosen.options.items()))):
            _end()
            _begun["session"] = _begin(chosen)
            _begun["of"] = (chosen.master, tuple(sorted(chosen.options.items())))
            atexit.register(end)
        found: SparkSession = _begun["session"]
        return found


def end() -> None:
    """Give the cluster's cores back."""
    with _lock:
        _end()


def _end() -> None:
    if "session" in _begun:
        with suppress(Exception):  # a cluster that went away is as good as ended
            _begun["session"].stop()
        _begun.clear()
        atexit.unregister(end)


def _begin(chosen: Chosen) -> SparkSession:
    _ready(chosen)
    from pyspark.sql import SparkSession

    local = chosen.master.startswith("local") or "127.0.0.1" in chosen.master
    here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if local else {}
    builder = SparkSession.builder.master(chosen.master)
    for name, value in {**USUAL, **here, **chosen.options, **FIXED}.items():
        builder = builder.config(name, value)
    try:
        found: SparkSession = builder.getOrCreate()
    except Exception as error:
        raise NoCluster("start", type(error).__name__) from error
    found.sparkContext.setLogLevel("ERROR")
    logging.getLogger("py4j").setLevel(logging.ERROR)  # it tells of every connection that it closes
    try:
        _fits(found)
        _has_workers(found, chosen)
    except NoCluster:
        found.stop()
        raise
    return found


def _ready(chosen: Chosen) -> None:
    """Is all there that can be looked for at once? Spark itself would try for a minute, and say it less plainly."""
    if find_spec("pyspark") is None:
        raise NoCluster("pyspark")
    home = os.environ.get("JAVA_HOME", "")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").exists())):
        raise NoCluster("java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if chosen.master.startswith("local") or "127.0.0.1" in chosen.master:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    if chosen.master.startswith("spark://"):
        masters = chosen.master.removeprefix("spark://").split(",")
        if not any(map(_answers, masters)):
            raise NoCluster("master", chosen.master)


def _answers(master: str) -> bool:
    host, _, port = master.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), REACH_SECONDS):
            return True
    except OSError:
        return False


def _fits(found: SparkSession) -> None:
    """SPARK_HOME may name another Spark than the one that this program was tried with."""
    import pyspark

    if found.version != pyspark.__version__:
        raise NoCluster("version", f"{found.version} ≠ {pyspark.__version__}")


def _has_workers(found: SparkSession, chosen: Chosen) -> None:
    """A master without free workers takes every question, and answers none."""
    if chosen.master.startswith("local"):
        return
    status: Any = found.sparkContext._jsc.sc().statusTracker()
    end_at = time.monotonic() + chosen.wait_seconds
    while len(status.getExecutorInfos()) < 2:  # the driver counts as one
        if time.monotonic() > end_at:
            raise NoCluster("workers", str(chosen.wait_seconds))
        time.sleep(0.1)
