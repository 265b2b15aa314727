"""What can be done with standards? Each verb is one transaction, one right and one record in the audit."""

from __future__ import annotations

from huixiang.apps.standards.actions.adopting import adopt, bring
from huixiang.apps.standards.actions.deciding import approve, drop, send_back, submit
from huixiang.apps.standards.actions.writing import checked, write_version

__all__ = ["adopt", "approve", "bring", "checked", "drop", "send_back", "submit", "write_version"]
