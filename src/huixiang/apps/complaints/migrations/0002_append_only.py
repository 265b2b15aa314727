"""The database itself refuses to change or delete what happened to a complaint."""

from django.db import migrations

from huixiang.apps.access import append_only
from huixiang.apps.complaints.guarded import EVENTS


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: append_only.guard(schema_editor.connection, EVENTS),
            lambda apps, schema_editor: append_only.release(schema_editor.connection, EVENTS),
            elidable=False,
        )
    ]
