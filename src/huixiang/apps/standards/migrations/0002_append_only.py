"""The database itself refuses to change or delete a text of a standard, or what was decided of it."""

from django.db import migrations

from huixiang.apps.access import append_only
from huixiang.apps.standards.guarded import STEPS, TEXTS


def guard(apps, schema_editor):
    for what in (TEXTS, STEPS):
        append_only.guard(schema_editor.connection, what)


def release(apps, schema_editor):
    for what in (TEXTS, STEPS):
        append_only.release(schema_editor.connection, what)


class Migration(migrations.Migration):
    dependencies = [("standards", "0001_initial")]

    operations = [migrations.RunPython(guard, release, elidable=False)]
