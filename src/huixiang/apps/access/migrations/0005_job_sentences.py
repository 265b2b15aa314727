from django.db import migrations, models


class Migration(migrations.Migration):
    """A job's title and outcome are kept as messages and values; what is there already is told as it stands."""

    dependencies = [("access", "0004_paths_and_passwords")]

    operations = [
        migrations.RenameField("job", "title", "title_message"),
        migrations.RenameField("job", "outcome", "outcome_message"),
        migrations.AddField("job", "title_params", models.JSONField(default=dict)),
        migrations.AddField("job", "outcome_params", models.JSONField(default=dict)),
    ]
