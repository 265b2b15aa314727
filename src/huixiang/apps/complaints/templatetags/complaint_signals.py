"""How is a very small probability told?"""

from __future__ import annotations

from django import template

register = template.Library()
SMALLEST = 1e-6


@register.filter
def small(q: float) -> str:
    """Two digits that say something; what is next to nothing is told as a bound."""
    return f"< {SMALLEST:.6f}" if q < SMALLEST else f"{q:.2g}" if q >= 1e-4 else f"{q:.6f}"
