"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('slips', '0001_initial'),
        ('slips', '0002_cuts'),
        ('slips', '0003_once_cut'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        ('feedback', '0012_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='File',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('said_on', models.DateField(null=True)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_at', models.DateTimeField(null=True)),
                ('fault', models.JSONField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ('-received_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Slip',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('page', models.PositiveIntegerField()),
                ('part', models.CharField(blank=True, max_length=20)),
                ('voice_id', models.CharField(max_length=24, unique=True)),
                ('state', models.CharField(choices=[('waiting', '待读'), ('read', '待核对'), ('confirmed', '已确认'), ('rejected', '已退回'), ('split', '已拆分')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, choices=[('blank', '空白页，没有读出字'), ('unreadable', '看不清，无法辨认'), ('not_a_slip', '不是意见单'), ('twice', '与另一张重复'), ('broken', '这一页读不了，需重新扫描')], max_length=12)),
                ('said_on', models.DateField(null=True)),
                ('sealed', models.BinaryField(null=True)),
                ('least', models.FloatField(null=True)),
                ('looks_like_several', models.BooleanField(default=False)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('turned', models.PositiveSmallIntegerField(default=0)),
                ('cut', models.JSONField(null=True)),
                ('once_cut', models.JSONField(default=list)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(null=True)),
                ('keep_until', models.DateField()),
                ('stuck_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='slips', to='feedback.batch')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slips', to='slips.file')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='access.unit', verbose_name='机构')),
            ],
            options={
                'ordering': ('received_at', 'of', 'page', 'part'),
                'indexes': [models.Index(fields=['unit', 'state'], name='slips_slip_unit_id_48aada_idx')],
                'constraints': [models.UniqueConstraint(fields=('of', 'page', 'part'), name='slips_are_cut_once')],
            },
        ),
    ]
