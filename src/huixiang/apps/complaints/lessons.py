"""What can a model of the bank's own learn from how its people classed complaints? Masked words, and the codes."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from itertools import islice
from typing import IO, Any

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.actions.holding import asked_of
from huixiang.apps.complaints.exporting import AT_ONCE, IN_MEMORY, rows_of


def lessons(by: Staff | str, *, source: str = "") -> tuple[IO[bytes], int]:
    """A CSV by which a model of topics learns how people classed: masked text, codes of business and cause. How many.

    None of what is kept for storage only, or will be as its customer asked. The file stands at its beginning and is the
    caller's to close. Raises PermissionDenied.
    """
    rows = rows_of(by).filter(is_held=False, merged_into=None).exclude(business_code="").exclude(cause_code="")
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it outlives this function
    text, count, digest = io.StringIO(newline=""), 0, hashlib.sha256()
    writer = csv.writer(text)
    writer.writerow(("text", "codes"))
    told = rows.order_by("pk").values_list("pk", "title", "text", "business_code", "cause_code")
    some = told.iterator(chunk_size=AT_ONCE)
    while part := list(islice(some, AT_ONCE)):
        asked = set(asked_of([row[0] for row in part]))
        left = [row[1:] for row in part if row[0] not in asked]
        writer.writerows((f"{title}。{words}", f"{business},{cause}") for title, words, business, cause in left)
        _moved(text, file, digest)
        count += len(left)
    _moved(text, file, digest)
    file.seek(0)
    audit.record("complaint.export", by=by, on_kind="complaint", source=source, count=count, what="lessons",
                 sha256=digest.hexdigest())  # fmt: skip
    return file, count


def _moved(text: io.StringIO, file: IO[bytes], digest: Any) -> None:
    content = text.getvalue().encode()
    digest.update(content)
    file.write(content)
    text.seek(0)
    text.truncate()
