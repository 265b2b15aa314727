"""A Spark cluster of the tests' own: a master and two workers on this machine's loopback, gone with the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests import waiting

MEMORY = "1g"  # of each worker


def why_not() -> str:
    """The reason why no cluster can be started here, or nothing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: uv sync --extra spark"
    if shutil.which("java") is None:
        return "Java is not installed: apt-get install openjdk-17-jre-headless"
    return ""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Cluster:
    """Started on creation; `url` is what HUIXIANG_ENGINE takes; `stop` removes every trace."""

    def __init__(self, workers: int = 2, memory: str = MEMORY) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hx-spark-"))
        self.port = free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._start("master.Master", "--host", "127.0.0.1", "--port", self.port, "--webui-port", free_port())
        self._until_told("master.Master", "Starting Spark master")
        for number in range(workers):
            work, page = self.folder / f"work-{number}", free_port()
            told = ("--host", "127.0.0.1", "--cores", 1, "--memory", memory, "--work-dir", work, "--webui-port", page)
            self._start("worker.Worker", *told, self.url, log=f"worker-{number}")
        for number in range(workers):
            self._until_told(f"worker-{number}", "Successfully registered")

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    def stop(self) -> None:
        for each in reversed(self._processes):
            each.terminate()
        for each in self._processes:
            try:
                each.wait(20)
            except subprocess.TimeoutExpired:
                each.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, what: str, *options: object, log: str = "") -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        java = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
        settings = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
        settings |= {"SPARK_DAEMON_JAVA_OPTS": java, "SPARK_LOCAL_DIRS": str(self.folder / "local")}
        settings |= {"PYSPARK_PYTHON": sys.executable}
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", *map(str, options)]
        with (self.folder / f"{log or what}.log").open("wb") as told:
            started = subprocess.Popen(command, env=os.environ | settings, stdout=told, stderr=told)
        self._processes.append(started)

    def _until_told(self, log: str, words: str) -> None:
        path = self.folder / f"{log}.log"
        waiting.until(lambda: words in path.read_text("utf-8", "replace"))
