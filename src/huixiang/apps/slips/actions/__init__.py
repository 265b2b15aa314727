"""What can people do with slips of paper? Each verb is one transaction, one right, one record."""

from huixiang.apps.slips.actions.cutting import rejoin, split, turn
from huixiang.apps.slips.actions.entering import (
    LONGEST_TEXT,
    MOST_FILES,
    Box,
    Correction,
    bring_in,
    confirm,
    confirm_sure,
    leave_blank,
    look,
    mend,
    mend_blank,
    reject,
)
from huixiang.apps.slips.actions.reaching import RIGHT

__all__ = [
    "LONGEST_TEXT",
    "MOST_FILES",
    "RIGHT",
    "Box",
    "Correction",
    "bring_in",
    "confirm",
    "confirm_sure",
    "leave_blank",
    "look",
    "mend",
    "mend_blank",
    "reject",
    "rejoin",
    "split",
    "turn",
]
