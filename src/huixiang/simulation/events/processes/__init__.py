"""How does a case go through the bank? Four processes with people, queues and rework, as their systems record them."""

from __future__ import annotations

from collections.abc import Mapping

from huixiang.simulation.events.processes.account import ACCOUNT
from huixiang.simulation.events.processes.activation import ACTIVATION
from huixiang.simulation.events.processes.applicants import about
from huixiang.simulation.events.processes.arrivals import Arrivals, case_arrivals
from huixiang.simulation.events.processes.complaint import COMPLAINT
from huixiang.simulation.events.processes.definition import Process
from huixiang.simulation.events.processes.loan import LOAN
from huixiang.simulation.events.processes.log import EventLog
from huixiang.simulation.events.processes.recording import Recording, recorded, simulate
from huixiang.simulation.events.processes.traits import About

__all__ = ["PROCESSES", "About", "Arrivals", "EventLog", "Process", "Recording", "about", "case_arrivals", "recorded",
           "simulate"]  # fmt: skip

PROCESSES: Mapping[str, Process] = {one.code: one for one in (ACCOUNT, LOAN, ACTIVATION, COMPLAINT)}
