"""A PostgreSQL cluster of the tests' own: in a temporary folder, over a unix socket, never as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest


def programs() -> Path | None:
    """Where initdb and pg_ctl are; the newest version, None if PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def why_not() -> str:
    """The reason why no cluster can be started here, or nothing."""
    if programs() is None:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if os.getuid() == 0 and not _has_user("postgres"):
        return "PostgreSQL refuses to run as root, and there is no user postgres to run it as"
    return ""


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


class Cluster:
    """Started on creation; `url` is what DATABASE_URL takes; `stop` removes every trace."""

    def __init__(self) -> None:
        bin_ = programs()
        assert bin_, why_not()
        self.pg_ctl = bin_ / "pg_ctl"
        self.folder = Path(tempfile.mkdtemp(prefix="hx-pg-"))
        self.as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if self.as_user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.name = "postgres" if self.as_user else pwd.getpwuid(os.getuid()).pw_name
        self._run(bin_ / "initdb", "-D", self.folder / "data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        # Nothing waits for the disk: a crash of the machine may take the tests' data, and nobody will miss them.
        settings = (
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "autovacuum=off",
            "wal_level=minimal",
        )
        chosen = " ".join(f"-c {each}" for each in (*settings, "max_wal_senders=0", "max_connections=60"))
        options = f"-k {self.folder} -c listen_addresses='' {chosen}"
        self._run(self.pg_ctl, "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start")

    @property
    def url(self) -> str:
        return f"postgresql://{self.name}@{quote(str(self.folder), safe='')}/postgres"

    def stop(self) -> None:
        self._run(self.pg_ctl, "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,  # pg_ctl's server would keep a pipe open for ever
            stderr=subprocess.DEVNULL,
            check=False,
            **self.as_user,
        )
        if done.returncode:
            pytest.exit(f"{command[0]} failed; see {self.folder}/log", returncode=3)
