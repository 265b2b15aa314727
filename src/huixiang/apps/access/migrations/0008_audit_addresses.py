from django.db import migrations, models

from huixiang.apps.access import append_only


class Migration(migrations.Migration):
    """SQLite rebuilds the table and so loses its guard: it is set again. The chain covers values, not widths."""

    dependencies = [("access", "0007_bank_time_zone")]

    operations = [
        migrations.AlterField("auditrecord", "on_id", models.CharField(blank=True, max_length=255)),
        migrations.RunPython(
            lambda apps, schema_editor: append_only.guard(schema_editor.connection),
            lambda apps, schema_editor: append_only.guard(schema_editor.connection),
            elidable=False,
        ),
    ]
