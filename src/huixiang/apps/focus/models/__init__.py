"""What is a study of focus groups made of? The study with its guide, its talks and people, and how they were coded."""

from huixiang.apps.focus.models.codings import Code, Coding, Theme
from huixiang.apps.focus.models.sessions import Participant, Session, Transcript, Utterance, UtteranceQuerySet
from huixiang.apps.focus.models.studies import CONTACT_DAYS, TIERS, Study

__all__ = [
    "CONTACT_DAYS",
    "TIERS",
    "Code",
    "Coding",
    "Participant",
    "Session",
    "Study",
    "Theme",
    "Transcript",
    "Utterance",
    "UtteranceQuerySet",
]
