"""The database itself refuses to change or delete audit records."""

from django.db import migrations

from huixiang.apps.access import append_only


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: append_only.guard(schema_editor.connection),
            lambda apps, schema_editor: append_only.release(schema_editor.connection),
            elidable=False,
        )
    ]
