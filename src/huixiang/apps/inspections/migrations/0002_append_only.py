"""The database itself refuses to change or delete an answer, a step of a plan, or what happened to a finding."""

from django.db import migrations

from huixiang.apps.access import append_only
from huixiang.apps.inspections.guarded import ALL


def guard(apps, schema_editor):
    for what in ALL:
        append_only.guard(schema_editor.connection, what)


def release(apps, schema_editor):
    for what in ALL:
        append_only.release(schema_editor.connection, what)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]

    operations = [migrations.RunPython(guard, release, elidable=False)]
