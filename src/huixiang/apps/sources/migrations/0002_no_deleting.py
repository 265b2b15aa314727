from typing import Any

from django.db import migrations, models


def keep_instead(apps: Any, schema_editor: Any) -> None:
    apps.get_model("sources", "Source").objects.filter(after="delete").update(after="keep")


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.RunPython(keep_instead, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="source",
            name="after",
            field=models.CharField(
                choices=[("keep", "原样留着"), ("seen", "标为已读")],
                default="keep",
                max_length=8,
                verbose_name="收取之后",
            ),
        ),
    ]
