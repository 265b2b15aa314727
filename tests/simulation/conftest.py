"""The made-up banks that these tests look at. Each lives once a session, and its tests keep to one worker of xdist."""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight outlets through a spring, with all that comes with the product planted."""
    return lived(scenarios.named("planted").sized(branches=8, months=3), tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank large enough to find in it what truth.toml plants."""
    return lived(scenarios.load(TRUTH), tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same bank with the same dice, in which every effect is switched off."""
    scenario = scenarios.load(TRUTH)
    off = tuple(replace(effect, enabled=False) for effect in scenario.effects)
    return lived(replace(scenario, effects=off), tmp_path_factory.mktemp("quiet"))
