"""What shall a complaint be called that came without a title? By the clause that says what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LONGEST = 30  # characters: as many as a line of the queue holds
SHORTEST = 4  # of a clause: an exclamation says nothing
_CLAUSES = re.compile(r"(?:[。！？!?；;，…\n\r]|(?<!\d),|,(?!\d))+|\s{1,}(?=[^\x00-\x7f])")
_JOINING = re.compile("^(?:而且|并且|而|但是|但|可是|不过|还有|结果|然后|另外|加上)(?=.{4})")
_TOLD_BY = {"C": 2.0, "D": 2.0, "B": 1.0}  # of the taxonomy: cause and matter tell more than the business


class Evidence(NamedTuple):
    """A topic's code in the taxonomy, how probable it is (0 to 1), and the words that decided."""

    code: str
    probability: float
    words: Sequence[str]


def telling_clause(text: str, evidence: Iterable[Evidence]) -> str:
    """The clause that holds most of what decided; the first of some length where nothing did; "" of an empty text.

    >>> telling_clause("太过分了！来取钱，等了66分钟才轮到我。", [Evidence("D.responsiveness.waiting", 0.99, ["等了"])])
    '等了66分钟才轮到我'
    >>> telling_clause("太过分了！我再也不来了", [])
    '太过分了'
    """
    clauses = [_JOINING.sub("", clause.strip()) for clause in _CLAUSES.split(text) if clause and clause.strip()]
    told = list(evidence)
    weights = [_weight(clause, told) for clause in clauses]
    if any(weights):
        return clauses[weights.index(max(weights))][:LONGEST]
    return next((clause for clause in clauses if len(clause) >= SHORTEST), text.strip())[:LONGEST]


def _weight(clause: str, evidence: list[Evidence]) -> float:
    return sum(
        _TOLD_BY.get(each.code[:1], 0) * each.probability for each in evidence if any(w in clause for w in each.words)
    )
