"""What can people do with complaints? One function for all verbs; page, API and imports call the same."""

from huixiang.apps.complaints.actions.doing import Doing, do
from huixiang.apps.complaints.actions.holding import hold
from huixiang.apps.complaints.actions.joining import join_voice
from huixiang.apps.complaints.actions.registering import Person, Receipt, register
from huixiang.apps.complaints.actions.revealing import Identity, reveal

__all__ = ["Doing", "Identity", "Person", "Receipt", "do", "hold", "join_voice", "register", "reveal"]
