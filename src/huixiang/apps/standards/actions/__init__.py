"""What can be done with standards? Each verb is one transaction, one right and one record in the audit."""

from __future__ import annotations

from huixiang.apps.standards.actions.adopting import adopt, all_faults, bring
from huixiang.apps.standards.actions.deciding import approve, drop, send_back, submit
from huixiang.apps.standards.actions.writing import checked, faults_of, write_version
from huixiang.domain.standards.reading import read

__all__ = [
    "adopt",
    "all_faults",
    "approve",
    "bring",
    "checked",
    "drop",
    "faults_of",
    "read",
    "send_back",
    "submit",
    "write_version",
]
