"""One batch may mend many rows: the row names its batch, where the batch named its row."""

import django.db.models.deletion
from django.db import migrations, models


def turn_round(apps, schema_editor):
    Batch, Quarantined = (apps.get_model("feedback", name) for name in ("Batch", "Quarantined"))
    for batch, row in Batch.objects.exclude(mends=None).values_list("pk", "mends"):
        Quarantined.objects.filter(pk=row).update(mended_by_id=batch)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the next step meets pending checks


def mended_by(related_name):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name=related_name, to="feedback.batch"
    )


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [
        migrations.AddField("quarantined", "mended_by", mended_by("+")),
        migrations.RunPython(turn_round, migrations.RunPython.noop),
        migrations.RemoveField("batch", "mends"),
        migrations.AlterField("quarantined", "mended_by", mended_by("mends")),
    ]
