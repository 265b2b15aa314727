"""The queue's filters by grade, and the cases that have ended, are read from an index among a million."""

from django.db import migrations, models

OPEN, ENDED = models.Q(is_open=True), models.Q(is_open=False)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_letters")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(fields=["seriousness", "rank", "id"], condition=OPEN, name="case_open_grade"),
        ),
        migrations.AddIndex("case", models.Index(fields=["rank", "id"], condition=ENDED, name="case_ended")),
        migrations.AddIndex(
            "case", models.Index(fields=["unit", "rank", "id"], condition=ENDED, name="case_ended_unit")
        ),
    ]
