"""What do customers do on the screen, where do they give up, and what was out of order? docs/methods/digital.md."""

from huixiang.domain.digital.availability import Availability, Clock, Spell, of_each, together
from huixiang.domain.digital.clicks import DONE_STEPS, LONGEST_MILLISECONDS, Click, clicked
from huixiang.domain.digital.downtimes import DEVICE, SYSTEM, Downtime
from huixiang.domain.digital.people import BANDS, ELDERLY, OLDEST, UNKNOWN, KnownCustomer, band_of

__all__ = [
    "BANDS",
    "DEVICE",
    "DONE_STEPS",
    "ELDERLY",
    "LONGEST_MILLISECONDS",
    "OLDEST",
    "SYSTEM",
    "UNKNOWN",
    "Availability",
    "Click",
    "Clock",
    "Downtime",
    "KnownCustomer",
    "Spell",
    "band_of",
    "clicked",
    "of_each",
    "together",
]
