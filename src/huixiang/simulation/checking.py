"""Does every planted effect name a process and a step that the bank has, and can its outlets be as busy as it says?"""

from __future__ import annotations

from collections.abc import Sequence

from huixiang.simulation.bank import Bank
from huixiang.simulation.effects import Effect
from huixiang.simulation.entries import ScenarioError
from huixiang.simulation.events.processes import PROCESSES
from huixiang.simulation.events.processes.definition import Check

# Nobody is asked what he thinks of the handling of his complaint: a score that it lowers is never seen.
SCORED = tuple(code for code in PROCESSES if code != "complaint")

MOST_COUNTERS = 127  # of one outlet: the queues number them in a byte


def check_size(bank: Bank) -> None:
    """Raises ScenarioError where an outlet would need more counters than can be numbered."""
    network, visits = bank.network, bank.scenario.visits_a_day
    most = int((network.ordinary + network.priority + network.corporate).max())
    if most > MOST_COUNTERS:
        raise ScenarioError(
            bank.scenario.name,
            f"visits_a_day 为 {visits:g}：最大的网点要开 {most} 个窗口，最多 {MOST_COUNTERS} 个；请写小些或增加网点",
            f"visits_a_day is {visits:g}: the largest outlet would need {most} counters, and none may have more than "
            f"{MOST_COUNTERS}; make it smaller, or the branches more",
        )


def check(effects: Sequence[Effect]) -> None:
    """Raises ScenarioError with the codes that may stand there."""
    checked = {effect.process for effect in effects if effect.kind == "needless_check" and effect.enabled}
    for effect in effects:
        if not effect.process:
            continue
        may = SCORED if effect.kind == "step_lowers_scores" else tuple(PROCESSES)
        if effect.process not in may:
            raise ScenarioError(
                effect.told,
                f"没有流程 {effect.process!r}；可以是 {', '.join(may)}",
                f"there is no process {effect.process!r}; one of {', '.join(may)}",
            )
        if effect.step:
            _check_step(effect, checked=effect.process in checked)


def _check_step(effect: Effect, *, checked: bool) -> None:
    process = PROCESSES[effect.process]
    idle = {part.step.code for part in process.flow if isinstance(part, Check)}
    if effect.step in idle and not checked:
        raise ScenarioError(
            effect.told,
            f"环节 {effect.step!r} 只在该流程植入了 needless_check 时才有",
            f"nobody goes through {effect.step} unless a needless_check is planted in {effect.process}",
        )
    steps = {step.code: step for step in process.steps()}
    batched = effect.kind == "batching"
    may = [code for code, step in steps.items() if not (batched and step.together)]
    if effect.step not in may:
        listed = ", ".join(may)
        if effect.step in steps:
            raise ScenarioError(
                effect.told,
                f"环节 {effect.step!r} 与前一环节一次办完，不会攒批；可以是 {listed}",
                f"{effect.step} is done in one go with the step before, never batched; one of {listed}",
            )
        raise ScenarioError(
            effect.told,
            f"流程 {effect.process} 没有环节 {effect.step!r}；可以是 {listed}",
            f"{effect.process} has no step {effect.step!r}; it has {listed}",
        )
