"""The cast and the stage: the same people in every test, on SQLite or on PostgreSQL (`--database=postgresql`)."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import dj_database_url
import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import translation

from tests import make, postgres

CLUSTER = pytest.StashKey[postgres.Cluster]()
LOCKS: list[TextIO] = []  # held while this process migrates the database that all workers start from


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="where rows are kept")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("database") == "postgresql" and not postgres.why_not():
        inside_xdist = getattr(config, "workerinput", None)
        if inside_xdist is None:
            config.stash[CLUSTER] = postgres.Cluster()
        url = inside_xdist["database_url"] if inside_xdist else config.stash[CLUSTER].url
        _use(dj_database_url.parse(url))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """One cluster for all workers of xdist; each has a database of its own in it."""
    if CLUSTER in node.config.stash:
        node.workerinput["database_url"] = node.config.stash[CLUSTER].url


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()


def pytest_sessionstart() -> None:
    """What is imported and collected stays to the end: nobody need look whether it has become garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems() -> None:
    """The laws of hypothesis draw their numbers from what they say, not from all constants of six hundred source files.

    To read those costs each worker five seconds, and says nothing of a law that is not theirs.
    """
    from hypothesis.internal.conjecture import providers

    nothing = providers._local_constants
    providers._get_local_constants = lambda: nothing


def _use(database: Any) -> None:
    """Replace the settings' database before the first connection is made."""
    django_settings.DATABASES["default"] = database
    connections._settings = None
    connections.__dict__.pop("settings", None)
    if hasattr(connections._connections, "default"):
        del connections["default"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    if request.config.getoption("database") == "postgresql":
        if reason := postgres.why_not():
            pytest.skip(reason)
        yield
    else:
        # A file, not memory: several processes and threads use it, with the same locking as a bank's.
        name = str(tmp_path_factory.mktemp("rows") / "test.sqlite3")
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
        row = connections["default"].settings_dict
        row["TEST"]["NAME"] = name
        # No power cut is to be survived: nothing waits for the disk.
        start = row["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        row["OPTIONS"] = row["OPTIONS"] | {"init_command": start}
        yield from _take_over(tmp_path_factory, Path(name))


@pytest.fixture(autouse=True, scope="session")
def migrations_at_leisure() -> None:
    """A model that is new has no one who knows it: it alone is built, not all its relations anew at each of them.

    Half of the time of migrating. The tables are the same; how a bank migrates is told by tests/loop/test_commands.py.
    """
    from django.db.migrations.state import ModelState, ProjectState

    def add_model(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        state.models[key] = model
        if state._relations is not None:
            state.resolve_model_relations(key)
        if "apps" in state.__dict__:
            state.is_delayed = True  # who looks at rows has all of them built anew
            state.apps.render_multiple([model])

    ProjectState.add_model = add_model


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> bool:
    """A file that another worker has migrated is taken as it is."""
    name = connections["default"].settings_dict.get("TEST", {}).get("NAME")
    return request.config.getoption("database") == "sqlite" and Path(name).exists()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests empty all tables, which the audit table's triggers refuse: test_access_audit puts them back."""
    from huixiang.apps.access import append_only
    from huixiang.apps.complaints.guarded import EVENTS
    from huixiang.apps.inspections.guarded import ALL
    from huixiang.apps.standards.guarded import STEPS, TEXTS

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            _hand_over(tmp_path_factory)
        append_only.release(connection)
        for guarded in (EVENTS, TEXTS, STEPS, *ALL):
            append_only.release(connection, guarded)


def _shared(factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, which the first worker leaves to the others."""
    root = factory.getbasetemp()
    return (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "migrated.sqlite3"


def _take_over(factory: pytest.TempPathFactory, own: Path) -> Iterator[None]:
    """The first worker keeps the lock until it has handed over; the others wait, and migrate nothing themselves."""
    shared = _shared(factory)
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shared.exists():
            shutil.copyfile(shared, own)
            fcntl.flock(lock, fcntl.LOCK_UN)
        LOCKS.append(lock)
        yield


def _hand_over(factory: pytest.TempPathFactory) -> None:
    """Whole or not at all."""
    shared = _shared(factory)
    if not shared.exists():
        fresh = factory.mktemp("migrated") / shared.name
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(fresh)])
        fresh.replace(shared)
    for lock in LOCKS:
        fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA_DIR, settings.LAKE_DIR, settings.UPLOAD_DIR = tmp_path, tmp_path / "lake", tmp_path / "uploads"
    settings.TOMBSTONES = tmp_path / "tombstones"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns of a folder that is not there
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": settings.UPLOAD_DIR},
        },
    }
    return tmp_path


@pytest.fixture(autouse=True)
def disk_at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power cut is to be survived here: nothing waits for the disk. tests/lake/test_durable.py tells of it."""
    from huixiang.lake import disk

    monkeypatch.setattr(disk, "keep", lambda places: None)


@pytest.fixture(autouse=True, scope="session")
def passwords_at_leisure() -> None:
    """Nobody guesses at passwords here: the same algorithm, without the work that a guess shall cost."""
    from django.contrib.auth.hashers import Argon2PasswordHasher as Argon2

    Argon2.time_cost, Argon2.memory_cost, Argon2.parallelism = 1, 8, 1


@pytest.fixture(autouse=True, scope="session")
def files_at_leisure() -> None:
    """Every browser of a test starts the site anew: the files that came with the product are still the same ones."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def look_once(site: WhiteNoiseMiddleware) -> None:
        if not known:
            before = set(site.files)
            look(site)
            known.update({url: file for url, file in site.files.items() if url not in before})
        site.files.update(known)

    WhiteNoiseMiddleware.add_files_from_finders = look_once


@pytest.fixture(autouse=True)
def language() -> None:
    """Chinese first: a page asked for in English leaves its language to the thread, and so to the next test."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture
def elsewhere(transactional_db: None, data: Path) -> dict[str, str]:
    """The environment in which another process works on this test's rows and data."""
    row = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{row['NAME']}"
    else:
        url = f"postgresql://{row['USER']}@{row['HOST'].replace('/', '%2F')}/{row['NAME']}"
    return {**os.environ, "HUIXIANG_MODE": "test", "HUIXIANG_DATA": str(data), "DATABASE_URL": url}


@pytest.fixture
def lake(data: Path) -> Any:
    """The process's own, as pages and jobs find it: a second one would learn the same files once more."""
    from huixiang.apps.feedback import facts

    return facts.lake()


@pytest.fixture
def bank(db: None) -> make.Bank:
    return make.bank()


@pytest.fixture
def clerk(bank: make.Bank) -> Any:
    """Works at the north's first outlet."""
    return make.staff("1001", bank.north_outlet, "staff", name="林一")


@pytest.fixture
def manager(bank: make.Bank) -> Any:
    """Her branch manager: all of the north's branch."""
    return make.staff("1002", bank.north_branch, "branch_manager", name="陈二")


@pytest.fixture
def stranger(bank: make.Bank) -> Any:
    """A clerk of another branch."""
    return make.staff("2001", bank.south_outlet, "staff", name="赵三")


@pytest.fixture
def auditor(bank: make.Bank) -> Any:
    return make.staff("9001", bank.head_office, "auditor", name="沈四")


@pytest.fixture
def quality(bank: make.Bank) -> Any:
    """The head office's quality manager."""
    return make.staff("9002", bank.head_office, "quality_manager", name="吴五")


@pytest.fixture
def administrator(bank: make.Bank) -> Any:
    return make.staff("9003", bank.head_office, "administrator", name="周六")
