"""How does a person without training read a condition? As groups: all of one must hold, and one group is enough."""

from __future__ import annotations

from itertools import product

from huixiang.domain.surveys.conditions import All, Compare, Condition, Not, Operator, Some

MOST = 12  # groups; more are no picker but a riddle
Groups = tuple[tuple[Compare, ...], ...]


def groups_of(condition: Condition | None) -> Groups | None:
    """The groups that say the same; None: it cannot be said so, and stays as it was written. No condition: none."""
    if condition is None:
        return ()
    found = _groups(condition)
    return found if found is not None and 0 < len(found) <= MOST else None


def condition_of(groups: Groups) -> Condition | None:
    """The condition that these groups say."""
    alls = [group[0] if len(group) == 1 else All(group) for group in groups if group]
    return None if not alls else alls[0] if len(alls) == 1 else Some(tuple(alls))


def _groups(condition: Condition) -> Groups | None:
    match condition:
        case Compare(operator=Operator.ONE_OF, value=tuple() as values):
            return tuple((Compare(condition.question, Operator.IS, value, condition.row),) for value in values)
        case Compare():
            return ((condition,),)
        case Some(parts):
            found = [_groups(part) for part in parts]
            return None if None in found else tuple(group for groups in found for group in groups or ())
        case All(parts):
            return _crossed([_groups(part) for part in parts])
        case Not(part):
            return _turned(part)


def _crossed(found: list[Groups | None]) -> Groups | None:
    known = [groups for groups in found if groups is not None]
    size = 1
    for groups in known:
        size *= len(groups)
    if len(known) < len(found) or size > MOST:
        return None
    return tuple(tuple(each for group in chosen for each in group) for chosen in product(*known))


def _turned(part: Condition) -> Groups | None:
    """What holds where the part does not. "Not 3" also holds of who did not answer."""
    match part:
        case Not(inner):
            return _groups(inner)
        case Compare():
            return _other(part)
        case Some(parts):
            return _crossed([_turned(each) for each in parts])
        case All(parts):
            found = [_turned(each) for each in parts]
            return None if None in found else tuple(group for groups in found for group in groups or ())


def _other(part: Compare) -> Groups | None:
    unanswered = Compare(part.question, Operator.UNANSWERED, row=part.row)
    match part.operator:
        case Operator.ANSWERED:
            return ((unanswered,),)
        case Operator.UNANSWERED:
            return ((Compare(part.question, Operator.ANSWERED, row=part.row),),)
        case Operator.IS:
            return ((Compare(part.question, Operator.IS_NOT, part.value, part.row),), (unanswered,))
        case _:
            return None
