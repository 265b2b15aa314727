"""Where can a complaint stand? The states of a case, and what is taken for open."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where does a case stand? NEW is what there is before its receipt."""

    NEW = "new"
    REGISTERED = "registered"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    INVESTIGATING = "investigating"
    AWAITING = "awaiting_customer"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REPLIED = "replied"
    DISPUTED = "disputed"
    MEDIATION = "mediation"
    REVIEW = "review"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ARCHIVED = "archived"


# Chinese first, English second; both stand in pages, in the picture and in the API.
NAMES: dict[State, tuple[str, str]] = {
    State.NEW: ("未登记", "not registered"),
    State.REGISTERED: ("已登记", "registered"),
    State.REFUSED: ("不予受理", "refused"),
    State.ACCEPTED: ("已受理", "accepted"),
    State.ASSIGNED: ("已分派", "assigned"),
    State.INVESTIGATING: ("调查中", "investigating"),
    State.AWAITING: ("待投诉人补充", "awaiting the complainant"),
    State.PROPOSED: ("待复核", "awaiting the second pair of eyes"),
    State.DECIDED: ("已作决定", "decided"),
    State.REPLIED: ("已答复", "replied"),
    State.DISPUTED: ("投诉人有异议", "disputed"),
    State.MEDIATION: ("调解中", "in mediation"),
    State.REVIEW: ("核查中", "under review"),
    State.REVIEWED: ("核查已决定", "review decided"),
    State.CLOSED: ("已办结", "closed"),
    State.WITHDRAWN: ("已撤回", "withdrawn"),
    State.MERGED: ("已并案", "merged into another"),
    State.ARCHIVED: ("已归档", "archived"),
}

# Somebody of the bank works on it: nothing was decided yet.
WORKING = frozenset({State.ACCEPTED, State.ASSIGNED, State.INVESTIGATING, State.AWAITING})
# The reply is still owed.
OWED = frozenset({State.REGISTERED, *WORKING, State.PROPOSED, State.DECIDED})
# The complainant has the decision and may still go on.
ANSWERED = frozenset({State.REPLIED, State.DISPUTED, State.MEDIATION, State.REVIEW, State.REVIEWED})
OPEN = OWED | ANSWERED
ENDED = frozenset({State.REFUSED, State.CLOSED, State.WITHDRAWN, State.MERGED})
KEPT = frozenset({*OPEN, *ENDED})  # everything but what is archived
