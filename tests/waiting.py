"""How long does a test wait for another process? As long as a busy machine may take, and no longer than it must."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 120.0


def until(condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
    """Ask again and again whether it has come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
