"""SQLite reads the queue from its indexes alone: they hold what is due, and that a case is open."""

from django.db import migrations, models

OPEN, ENDED = models.Q(is_open=True), models.Q(is_open=False)
BEHIND = ["is_held", "next_due_on", "is_open"]
INDEXES = {
    "case_open": (["rank", "id", "unit", *BEHIND], OPEN),
    "case_open_unit": (["unit", "rank", "id", *BEHIND], OPEN),
    "case_open_handler": (["handler", "rank", "id", "unit", *BEHIND], OPEN),
    "case_open_state": (["state", "rank", "id", "unit", *BEHIND], OPEN),
    "case_open_grade": (["seriousness", "rank", "id", "unit", *BEHIND], OPEN),
    "case_open_due": (["next_due_on", "id", "unit", "is_held", "is_open"], OPEN),
    "case_ended": (["rank", "id", "unit", "is_held", "is_open"], ENDED),
    "case_ended_unit": (["unit", "rank", "id", "is_held", "is_open"], ENDED),
}


def _renewed(name: str) -> list[migrations.operations.base.Operation]:
    fields, condition = INDEXES[name]
    index = models.Index(fields=fields, condition=condition, name=name)
    return [migrations.RemoveIndex("case", name), migrations.AddIndex("case", index)]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0012_covered")]
    operations = [operation for name in INDEXES for operation in _renewed(name)]
