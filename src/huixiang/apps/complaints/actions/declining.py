"""Why was something not done with a complaint? The guard's sentence for people, and its code for machines."""

from __future__ import annotations

from huixiang.channels.contract import Fault
from huixiang.domain.complaints.running import Warned


class Declined(Fault):
    """The table or a guard refuses; `code` is the guard's, as in docs/methods/complaint-lifecycle.md."""

    def __init__(self, found: Warned) -> None:
        super().__init__(found.message, **found.params)
        self.code = found.code
