"""By which address does a customer come in? By her own link, which works once; by a poster's; or on trial.

A poster names the branch where it hangs, signed: nobody answers for another branch by changing the address. Who tries
the survey out has a link too, whose answers are kept nowhere.
"""

from __future__ import annotations

import hmac

from django.urls import reverse

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sealing import key_for
from huixiang.apps.surveys.models import Survey

SIGNS = 16  # hexadecimal: 64 bits under a key that only the bank has


def hashed(token: str) -> str:
    """By which an invitation is found: its token itself is kept nowhere."""
    return hmac.digest(key_for("survey invitation"), token.encode(), "sha256").hex()


def once(form: str, invitation: str = "") -> str:
    """Sent twice, the same. `form` is the key of the page; of an invitation (its hash) where answers have a name.

    Of an anonymous answer nothing else may go in: whoever knew the token could tell which answer came of it.
    """
    told = f"invitation {invitation}" if invitation else f"form {form}"
    return hmac.digest(key_for("survey once v1"), told.encode(), "sha256").hex()


def public(survey: Survey, unit: Unit | None = None) -> str:
    """The path of the open survey, with the branch where its poster hangs."""
    return reverse("survey_public", args=[survey.slug]) + (f"?u={signed_unit(survey, unit)}" if unit else "")


def invited(token: str) -> str:
    return reverse("survey_invited", args=[token])


def trial(survey: Survey) -> str:
    return reverse("survey_public", args=[survey.slug]) + f"?trial={_sign('trial', survey.slug)}"


def is_trial(survey: Survey, told: str) -> bool:
    return hmac.compare_digest(told.encode(), _sign("trial", survey.slug).encode())


def signed_unit(survey: Survey, unit: Unit) -> str:
    return f"{unit.code}.{_sign('unit', f'{survey.slug} {unit.code}')}"


def unit_of(survey: Survey, told: str) -> Unit | None:
    """The branch of the poster; None where the address was changed, or says nothing."""
    code, _, sign = told.rpartition(".")
    if not code or not hmac.compare_digest(sign.encode(), _sign("unit", f"{survey.slug} {code}").encode()):
        return None
    return Unit.objects.filter(code=code, path__startswith=survey.unit.path).first()


def _sign(what: str, told: str) -> str:
    return hmac.digest(key_for(f"survey {what} links v1"), told.encode(), "sha256").hex()[:SIGNS]
