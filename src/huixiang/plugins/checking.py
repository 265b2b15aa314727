"""Is what the administrator named there, and how much of its budget is left? No customer's text is sent to find out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from huixiang.plugins.endpoint import Endpoint, Refused, Unreachable
from huixiang.plugins.ledger import Ledger, Spent
from huixiang.plugins.purse import Purse
from huixiang.plugins.service import Service

PATIENCE = 5.0  # seconds: somebody waits in front of a page


class Standing(NamedTuple):
    """What is known of a service without asking it. The key is told of by whether there is one."""

    name: str
    host: str
    model: str
    has_key: bool
    is_encrypted: bool
    spent: Spent
    left: Spent
    kept: int


class Reached(NamedTuple):
    """Did it answer, and does it know the model? `knows` is None where it does not list its models."""

    answers: bool
    knows: bool | None
    trouble: str = ""


def standing(service: Service, ledger: Ledger, today: Callable[[], date]) -> Standing:
    return Standing(
        service.name,
        service.host,
        service.model,
        bool(service.key),
        service.is_encrypted,
        ledger.spent(service.name, today()),
        Purse(service, ledger, today).left(),
        ledger.kept(service.name),
    )


def reached(service: Service) -> Reached:
    """Ask for the list of its models: every server of this protocol has one, and it costs no tokens. Raises Fault."""
    endpoint = Endpoint(replace(service, timeout_seconds=min(service.timeout_seconds, PATIENCE)))
    try:
        answer = endpoint.get("/models")
        names = {str(each["id"]) for each in answer["data"]}
    except Unreachable as error:
        return Reached(answers=False, knows=None, trouble=str(error))
    except Refused as error:
        return Reached(answers=False, knows=None, trouble=str(error))
    except (KeyError, TypeError):
        return Reached(answers=True, knows=None)
    finally:
        endpoint.close()
    return Reached(answers=True, knows=service.model in names)
