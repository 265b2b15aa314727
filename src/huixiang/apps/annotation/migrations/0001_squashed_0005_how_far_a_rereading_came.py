"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('annotation', '0001_initial'),
        ('annotation', '0002_topics'),
        ('annotation', '0003_label_suggested'),
        ('annotation', '0004_risks_and_opinions'),
        ('annotation', '0005_how_far_a_rereading_came'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvaluationSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(choices=[('sentiment', '情感'), ('kind', '性质'), ('topics', '事项'), ('risks', '风险'), ('opinions', '评价要素')], max_length=16)),
                ('sha256', models.CharField(max_length=64)),
                ('source', models.JSONField(default=dict)),
                ('erased', models.PositiveIntegerField(default=0)),
                ('actor', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ModelVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(choices=[('sentiment', '情感'), ('kind', '性质'), ('topics', '事项'), ('risks', '风险'), ('opinions', '评价要素')], max_length=16, verbose_name='任务')),
                ('name', models.CharField(max_length=24, validators=[django.core.validators.RegexValidator('\\A(?!(rules|person)\\Z)[a-z][a-z0-9_]{0,23}\\Z', '小写字母开头，只含小写字母、数字与下划线。')], verbose_name='名称')),
                ('number', models.PositiveIntegerField()),
                ('folder', models.CharField(max_length=80)),
                ('sha256', models.CharField(max_length=64)),
                ('card', models.JSONField()),
                ('figures', models.JSONField(default=dict)),
                ('actor', models.CharField(max_length=64)),
                ('trained_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-trained_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Drift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drifts', to='annotation.modelversion')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Activation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(choices=[('sentiment', '情感'), ('kind', '性质'), ('topics', '事项'), ('risks', '风险'), ('opinions', '评价要素')], max_length=16)),
                ('is_back', models.BooleanField(default=False)),
                ('although_worse', models.BooleanField(default=False)),
                ('verdict', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='理由')),
                ('actor', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activations', to='annotation.modelversion')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Rereading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('months', models.JSONField()),
                ('label', models.CharField(blank=True, max_length=120)),
                ('voices', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('by_people', models.PositiveIntegerField(default=0)),
                ('actor', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('month_reached', models.CharField(blank=True, max_length=7)),
                ('ids_reached', models.CharField(blank=True, max_length=4)),
                ('finished_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rereading_of', to='access.job')),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='Settled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(choices=[('sentiment', '情感'), ('kind', '性质'), ('topics', '事项'), ('risks', '风险'), ('opinions', '评价要素')], max_length=16)),
                ('voice_id', models.CharField(max_length=24)),
                ('voice_version', models.PositiveIntegerField()),
                ('value', models.CharField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='EvaluationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(db_index=True, max_length=24)),
                ('voice_version', models.PositiveIntegerField()),
                ('label', models.CharField(max_length=2000)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='annotation.evaluationset')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('of', 'voice_id'), name='a_voice_is_in_a_set_once')],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(choices=[('sentiment', '情感'), ('kind', '性质'), ('topics', '事项'), ('risks', '风险'), ('opinions', '评价要素')], max_length=16)),
                ('voice_id', models.CharField(max_length=24)),
                ('voice_version', models.PositiveIntegerField()),
                ('branch', models.CharField(blank=True, max_length=32)),
                ('value', models.CharField(blank=True, max_length=2000)),
                ('draw', models.CharField(choices=[('useful', '最有用'), ('random', '随机')], default='useful', max_length=8)),
                ('suggested', models.CharField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('task', 'voice_id', 'voice_version', 'by'), name='a_person_labels_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='modelversion',
            constraint=models.UniqueConstraint(fields=('task', 'number'), name='a_number_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='settled',
            constraint=models.UniqueConstraint(fields=('task', 'voice_id', 'voice_version'), name='a_label_is_settled_once'),
        ),
    ]
