"""Has a row that cannot be read been refused before? Then it waits there, and not here once more.

It counts as the same, as a voice does that is there already. What became of the first holds for it: mended, it comes
back neither as a fault nor as a second voice; given up, it stays given up. Known by a keyed hash of its cells and of
how they were to be read: by another mapping, or for another survey, it is another row. Of what does not stand here
whole, or says nothing, only the same place of the same file is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from huixiang.apps.access.sealing import Unsealable, key_for
from huixiang.apps.feedback import guests, quarantine
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.channels.contract import Refused
from huixiang.domain.feedback import digest

AT_ONCE = 500
# Of a feed that brings a fault again each time an earlier row may have given way: what still waits goes first.
_RANK: dict[str, int] = {Quarantined.State.OPEN.value: 0, Quarantined.State.MENDED.value: 1}
Mark = Callable[[int, Mapping[str, str], Sequence[str]], str]


def told_apart(of: Import, refused: Sequence[Refused]) -> tuple[list[tuple[Refused, str]], list[tuple[Refused, int]]]:
    """New ones with the mark they are known by, and those of earlier imports with the first's key.

    Only under the lake's lock: of two imports at once the second finds what the first has refused.
    """
    mark = marking(of)
    marked = [(each, mark(each.number, each.fields, each.cut)) for each in refused]
    firsts = _firsts(of, {mark for _each, mark in marked})
    fresh = [(each, mark) for each, mark in marked if mark not in firsts]
    return fresh, [(each, firsts[mark]) for each, mark in marked if mark in firsts]


def marking(of: Import) -> Mark:
    """By what are this import's rows known again?"""
    key, guest = key_for("repeated rows v1"), guests.of(of)
    read_by = (of.format, of.mapping, of.channel, str(of.branch_id or ""), of.product)
    target = guest.about(of)[1] if guest else ""

    def mark(number: int, cells: Mapping[str, str], cut: Sequence[str] = ()) -> str:
        whole = [part for cell in sorted(cells.items()) for part in cell]
        place = [of.fingerprint, str(number)] if cut or not any(each.strip() for each in cells.values()) else []
        return digest(*read_by, target, *place, *whole, key=key)

    return mark


def standing(of: Import) -> dict[str, int]:
    """Of an import's rows that were refused before: how many of them are in which state, where they stand?"""
    states = of.quarantine.filter(state=Quarantined.State.REPEATED).values_list("first__state", flat=True)
    return dict(Counter(str(each or Quarantined.State.EXPIRED) for each in states.order_by()))


def mark_old() -> int:
    """The nightly round's part: rows from before they were known again by a mark. How many?"""
    bare = Quarantined.objects.held().filter(mark="")
    done = 0
    for of in Import.objects.filter(pk__in=bare.values("of")):
        mark, rows = marking(of), []
        for row in bare.filter(of=of):
            try:
                opened = quarantine.opened(row)
            except Unsealable:
                continue  # sealed under a key that is lost: nothing comes again as it
            row.mark = mark(row.row, opened.fields, opened.cut)
            rows.append(row)
        Quarantined.objects.bulk_update(rows, ["mark"], batch_size=AT_ONCE)
        done += len(rows)
    return done


def _firsts(of: Import, marks: Iterable[str]) -> dict[str, int]:
    listed, found = sorted(marks), dict[str, tuple[Any, ...]]()
    for start in range(0, len(listed), AT_ONCE):
        rows = Quarantined.objects.filter(mark__in=listed[start : start + AT_ONCE]).exclude(of=of).order_by()
        for mark, state, pk in rows.values_list("mark", "state", "pk"):
            found[mark] = min(found.get(mark, (9,)), (_RANK.get(state, 2), pk))
    return {mark: pk for mark, (_rank, pk) in found.items()}
