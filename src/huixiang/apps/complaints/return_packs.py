"""By which rules is a return made? The bank's own file where one is named, else those that come with the product."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from huixiang.apps.complaints.packs import MAIN
from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.return_rules import ReturnRules, read_return_rules, shipped_return_rules

OWN = "HUIXIANG_COMPLAINT_RETURNS"


def return_rules() -> ReturnRules:
    """Raises Fault where the bank's own file cannot be used."""
    named = os.environ.get(OWN, "").strip()
    if named:
        return _read(rulebooks.text_of(Path(named)))
    found = shipped_return_rules(MAIN)
    if found is None:
        raise LookupError(f"the return rules of {MAIN} come with the product, and are not there")
    return found


@lru_cache(maxsize=4)
def _read(text: str) -> ReturnRules:
    try:
        return read_return_rules(text)
    except BadCase as bad:
        raise Fault(bad.message, **dict[str, Any](bad.params)) from None
