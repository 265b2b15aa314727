"""Who may see a case, and how many there are, is read from the queue's indexes alone; unknown risks from one of theirs."""

from django.db import migrations, models

OPEN, ENDED = models.Q(is_open=True), models.Q(is_open=False)
SEEN = ["unit", "is_held"]
INDEXES = {
    "case_open": (["rank", "id", *SEEN], OPEN),
    "case_open_unit": (["unit", "rank", "id", "is_held"], OPEN),
    "case_open_handler": (["handler", "rank", "id", *SEEN], OPEN),
    "case_open_state": (["state", "rank", "id", *SEEN], OPEN),
    "case_open_grade": (["seriousness", "rank", "id", *SEEN], OPEN),
    "case_ended": (["rank", "id", *SEEN], ENDED),
    "case_ended_unit": (["unit", "rank", "id", "is_held"], ENDED),
    "case_open_due": (["next_due_on", "id", *SEEN], OPEN),
}


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_four_eyes_and_catching_up")]

    operations = [
        *(migrations.RemoveIndex("case", name) for name in ("case_state", *INDEXES) if name != "case_open_state"),
        *(
            migrations.AddIndex("case", models.Index(fields=fields, condition=condition, name=name))
            for name, (fields, condition) in INDEXES.items()
        ),
        migrations.AddIndex(
            "riskmark",
            models.Index(fields=["case"], condition=models.Q(is_known=False), name="risk_unknown_case"),
        ),
    ]
