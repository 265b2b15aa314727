"""How does a message reach another system of the bank? By one POST along the administrator's list, never redirected."""

from __future__ import annotations

from collections.abc import Mapping

from huixiang import __version__
from huixiang.polling.doors import FEEDS, Door
from huixiang.polling.feed import connection_to
from huixiang.polling.hanging import within


def post(address: str, body: bytes, headers: Mapping[str, str], door: Door) -> int:
    """The status of the answer, whose content nobody reads. Raises Fault: not on the list, not reached, too slow."""
    place = door.admitted(address, FEEDS)
    told = {"User-Agent": f"huixiang/{__version__}", "Content-Type": "application/json", **headers}
    with within(door.limits.total, place, door.variable) as watch:
        connection = connection_to(place, door, watch)
        try:
            connection.connect()
            connection.sock.settimeout(door.limits.read)
            connection.request("POST", place.path, body=body, headers=told, preload_content=False)
            return connection.getresponse().status
        finally:
            connection.close()
