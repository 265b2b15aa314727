"""What must a bank set, and what happens where it did not? One clear message, and no start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from huixiang.web import environment

ROOT = Path(__file__).resolve().parents[2]
BANK = {
    "HUIXIANG_MODE": "production",
    "HUIXIANG_SECRET_KEY": "s" * 40,
    "HUIXIANG_MASKING_KEY": "m" * 40,
    "HUIXIANG_ALLOWED_HOSTS": " quality.bank.example , 10.0.0.7 ",
    "HUIXIANG_DATA": "var/../var",
}
TELL = (
    "from huixiang.web import settings as s; "
    "print(s.ALLOWED_HOSTS, s.SECURE_PROXY_SSL_HEADER is not None, s.DATA_DIR.is_absolute(), "
    "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE)"
)


def ran(*command: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIXIANG_", "DJANGO_"))}
    wanted = {name: value for name, value in (BANK | changed).items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], env=kept | wanted, cwd=ROOT, capture_output=True, text=True, check=False
    )


def told(**changed: str | None) -> str:
    done = ran("-c", TELL, **changed)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_bank_names_its_time_zone_and_a_wrong_name_stops_the_start() -> None:
    tell = "from huixiang.web import settings as s; print(s.TIME_ZONE)"
    assert ran("-c", tell, TZ="America/New_York").stdout.strip() == "Asia/Shanghai"
    assert ran("-c", tell, HUIXIANG_TIME_ZONE="Asia/Urumqi").stdout.strip() == "Asia/Urumqi"
    refused = ran("-c", tell, HUIXIANG_TIME_ZONE="Beijing")
    assert refused.returncode != 0
    assert "HUIXIANG_TIME_ZONE=Beijing" in refused.stderr


def test_hosts_are_trimmed_and_the_folder_is_absolute() -> None:
    assert told() == "['quality.bank.example', '10.0.0.7'] False True True True"


@pytest.mark.parametrize(("switch", "on"), [("1", True), ("true", True), ("0", False), ("off", False), ("", False)])
def test_a_proxy_is_trusted_only_where_it_is_said(switch: str, *, on: bool) -> None:
    assert told(HUIXIANG_BEHIND_PROXY=switch).split("] ")[1].split()[0] == str(on)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"HUIXIANG_ALLOWED_HOSTS": None}, "HUIXIANG_ALLOWED_HOSTS"),
        ({"HUIXIANG_ALLOWED_HOSTS": " , "}, "HUIXIANG_ALLOWED_HOSTS"),
        ({"HUIXIANG_ALLOWED_HOSTS": "a.example,*"}, "HUIXIANG_ALLOWED_HOSTS"),
        ({"HUIXIANG_DATA": None}, "HUIXIANG_DATA"),
        ({"HUIXIANG_SECRET_KEY": "short"}, "HUIXIANG_SECRET_KEY"),
        ({"HUIXIANG_BEHIND_PROXY": "maybe"}, "HUIXIANG_BEHIND_PROXY"),
    ],
)
def test_what_is_missing_is_named_and_nothing_starts(changed: dict[str, str | None], named: str) -> None:
    done = ran("-c", "from huixiang.web.cli import main; raise SystemExit(main(['audit', 'head']))", **changed)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_without_tls_a_person_can_log_in_over_http() -> None:
    tell = "from huixiang.web import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    assert ran("-c", tell, HUIXIANG_TLS="off").stdout.strip() == "False False"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.level, "laut"),
        (lambda name: environment.database(name, ""), "postgresql://hx:geheim@db:port/hx"),
        (lambda name: environment.database(name, ""), "mysql://hx:geheim@db/hx"),
    ],
)
def test_a_value_that_means_nothing_is_told_in_a_sentence_and_without_its_password(
    read: Callable[[str], object], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIXIANG_X", value)
    with pytest.raises(ImproperlyConfigured, match=r"HUIXIANG_X.* / use ") as told:
        read("HUIXIANG_X")
    assert "geheim" not in str(told.value)


@pytest.mark.parametrize("command", [["manage.py", "check"], ["manage.py", "migrate"]])
def test_the_path_of_djangos_own_commands_says_so_too(command: list[str]) -> None:
    done = ran(*command, HUIXIANG_DATA=None)
    assert done.returncode == 2
    assert "HUIXIANG_DATA" in done.stderr
    assert "Traceback" not in done.stderr
