"""Which tables of this app only grow? The texts of the standards, and what was decided of each."""

from __future__ import annotations

from huixiang.apps.access.append_only import Guarded

TEXTS = Guarded("standards_version", "standard_version", (("id",), ("standard_id", "number")),
                "texts of standards are append-only")  # fmt: skip
STEPS = Guarded("standards_step", "standard_step", (("id",), ("version_id", "seq")),
                "steps of standards are append-only")  # fmt: skip
