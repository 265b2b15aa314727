"""Which cluster has the bank named, and how is it to be used? Read from the environment; needs no Spark itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ENGINE = "HUIXIANG_ENGINE"
FORMS = re.compile(
    r"local\[(\d{1,3}|\*)\]|spark://[\w.-]+:\d{1,5}(,[\w.-]+:\d{1,5})*|yarn|k8s://https?://[\w.-]+(:\d{1,5})?"
)
FROM_MB, WAIT_SECONDS = 500, 60


class Misnamed(ValueError):
    """A setting that cannot be meant: `variable`, what was `found`, and which `reason` in trouble.SAID."""

    def __init__(self, variable: str, reason: str, found: str = "") -> None:
        self.variable, self.reason, self.found = variable, reason, found
        super().__init__(f"{variable}: {reason} {found}".strip())


@dataclass(frozen=True, slots=True)
class Chosen:
    """A cluster, and how it is used."""

    master: str  # as Spark writes it: spark://host:7077, local[2], yarn, k8s://https://host:6443
    options: Mapping[str, str] = field(default_factory=dict, hash=False)  # spark.* → value
    lake: str = ""  # under which address the workers see the lake's folder; "": under the same path
    from_mb: int = FROM_MB  # of a question's tables; smaller ones are answered sooner here
    wait_seconds: int = WAIT_SECONDS  # for workers to give cores


def chosen(environment: Mapping[str, str]) -> Chosen | None:
    """What HUIXIANG_ENGINE and HUIXIANG_SPARK_… name; None where nothing is. Raises Misnamed."""
    master = environment.get(ENGINE, "").strip()
    if master in ("", "duckdb"):
        return None
    return named(master, environment)


def named(master: str, environment: Mapping[str, str]) -> Chosen:
    """The same where the cluster is told otherwise, as on a command line. Raises Misnamed."""
    if not FORMS.fullmatch(master):
        raise Misnamed(ENGINE, "engine", master)
    conf = environment.get("HUIXIANG_SPARK_CONF", "").strip()
    return Chosen(
        master,
        read_options(Path(conf)) if conf else {},
        environment.get("HUIXIANG_SPARK_LAKE", "").strip().rstrip("/"),
        _count(environment, "HUIXIANG_SPARK_FROM_MB", FROM_MB),
        _count(environment, "HUIXIANG_SPARK_WAIT_SECONDS", WAIT_SECONDS),
    )


def read_options(path: Path) -> dict[str, str]:
    """The settings in a file of Spark's own form: one `spark.name value` a line, # before remarks. Raises Misnamed."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misnamed("HUIXIANG_SPARK_CONF", "unreadable", str(path)) from None
    found = {}
    for number, line in enumerate(lines, 1):
        if not (told := line.strip()) or told.startswith("#"):
            continue
        parts = re.split(r"\s*=\s*|\s+", told, maxsplit=1)
        if len(parts) != 2 or not parts[0].startswith("spark."):
            raise Misnamed("HUIXIANG_SPARK_CONF", "line", f"{path}:{number}")  # its value may be a password
        found[parts[0]] = parts[1]
    return found


def _count(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, "").strip() or str(default)
    if not value.isdecimal():
        raise Misnamed(name, "count", value)
    return int(value)
