"""Who is there? Units, staff and customers of the made-up bank, with what is true of them and no system records."""

from __future__ import annotations

from dataclasses import dataclass

from huixiang.simulation.bank.customers import Customers, settle
from huixiang.simulation.bank.staff import Staff, hire
from huixiang.simulation.bank.units import Network, build
from huixiang.simulation.dice import Dice
from huixiang.simulation.scenario import Scenario

__all__ = ["Bank", "found"]


@dataclass(frozen=True, slots=True)
class Bank:
    """One bank at the start of its history."""

    scenario: Scenario
    dice: Dice
    network: Network
    staff: Staff
    customers: Customers


def found(scenario: Scenario) -> Bank:
    """Make the bank of this scenario: the same one for the same scenario and seed."""
    dice = Dice(scenario.seed)
    network = build(scenario, dice.of("units"))
    people = settle(network, scenario.first_day.year, dice.of("customers"), dice.of("groups of customers"))
    return Bank(scenario, dice, network, hire(scenario, network, dice.of("staff")), people)
