"""Which link belongs to which invitation? Made anew from its number whenever a message leaves, and kept nowhere.

So a reminder carries the link of the first message, and who reads the database alone cannot answer for anybody.
"""

from __future__ import annotations

import base64
import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from huixiang.apps.access.sealing import key_for
from huixiang.apps.surveys import links
from huixiang.apps.surveys.models import Invitation

BYTES = 16


def token_of(invitation_id: str) -> str:
    """22 signs that nobody guesses: 128 bits under a key of the bank. `invitation_id`: see `name_of`."""
    digest = hmac.digest(key_for("survey invitation token v1"), invitation_id.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:BYTES]).rstrip(b"=").decode()


def hash_of(invitation_id: str) -> str:
    return links.hashed(token_of(invitation_id))


def name_of(invitation: Invitation) -> str:
    """What its link is made of: its number, and how many links it had before."""
    return f"{invitation.pk.hex}.{invitation.serial}" if invitation.serial else invitation.pk.hex


def link(invitation: Invitation, origin: str = "") -> str:
    """The whole address that the customer opens. Raises ImproperlyConfigured where no public name is known."""
    return f"{_origin(origin)}{links.invited(token_of(name_of(invitation)))}"


def stop_link(invitation: Invitation, origin: str = "") -> str:
    """Where she says that she does not want to be asked again."""
    return f"{link(invitation, origin)}stop/"


def _origin(given: str) -> str:
    if not (settings.PUBLIC_URL or given):
        raise ImproperlyConfigured("HUIXIANG_PUBLIC_URL 未设置 / is not set")
    return settings.PUBLIC_URL or given
