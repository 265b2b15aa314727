from django.db import migrations, models


class Migration(migrations.Migration):
    """How much of a file has been read, where its rows cannot be counted beforehand."""

    dependencies = [("access", "0005_job_sentences")]

    operations = [migrations.AddField("job", "done_share", models.FloatField(null=True))]
