"""The made-up banks that these tests look at. Each lives once a session, however many workers xdist has."""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from huixiang.simulation import scenario as scenarios
from huixiang.simulation.run import live
from huixiang.simulation.scenario import Scenario

TRUTH = Path(__file__).with_name("truth.toml")


def lived(scenario: Scenario, folder: Path, *, texts: bool = True) -> Path:
    """The folder into which this bank has written its history."""
    for _ in live(scenario, folder, texts=texts):
        pass
    return folder


def once(factory: pytest.TempPathFactory, name: str, scenario: Scenario, *, texts: bool = True) -> Path:
    """The same, where the first worker that asks lets it live and the others wait for it."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "truth.json").exists():  # what a run writes last
            shutil.rmtree(folder, ignore_errors=True)
            lived(scenario, folder, texts=texts)
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight outlets through a spring, with all that comes with the product planted."""
    return once(tmp_path_factory, "small", scenarios.named("planted").sized(branches=8, months=3))


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank large enough to find in it what truth.toml plants."""
    return once(tmp_path_factory, "planted", scenarios.load(TRUTH))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same bank with the same dice, in which every effect is switched off."""
    scenario = scenarios.load(TRUTH)
    off = tuple(replace(effect, enabled=False) for effect in scenario.effects)
    return once(tmp_path_factory, "quiet", replace(scenario, effects=off), texts=False)
