"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('sources', '0001_initial'),
        ('sources', '0002_no_deleting'),
        ('sources', '0003_receipts'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        ('feedback', '0012_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('kind', models.CharField(choices=[('imap', '邮箱（IMAP）'), ('feed', '订阅源（RSS、Atom）')], max_length=8, verbose_name='种类')),
                ('address', models.CharField(max_length=500, verbose_name='地址')),
                ('account', models.CharField(blank=True, max_length=200, verbose_name='账号')),
                ('sealed', models.BinaryField(null=True)),
                ('folder', models.CharField(blank=True, max_length=200, verbose_name='文件夹')),
                ('after', models.CharField(choices=[('keep', '原样留着'), ('seen', '标为已读')], default='keep', max_length=8, verbose_name='收取之后')),
                ('receipts', models.CharField(choices=[('channel', '按渠道的设置'), ('send', '自动发送'), ('none', '不发送')], default='channel', max_length=8, verbose_name='收悉通知')),
                ('every_minutes', models.PositiveIntegerField(default=15, verbose_name='间隔（分钟）')),
                ('channel', models.CharField(max_length=24, verbose_name='渠道')),
                ('product', models.CharField(blank=True, max_length=80, verbose_name='默认产品')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('paused_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('polled_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('fault', models.JSONField(null=True)),
                ('reached', models.JSONField(default=dict)),
                ('coming', models.JSONField(null=True)),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='默认机构')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='access.job')),
                ('taking', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='feedback.import')),
            ],
            options={
                'ordering': ('name', 'created_at'),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='feedback.import')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='sources.source')),
            ],
            options={
                'ordering': ('-of__started_at',),
            },
        ),
    ]
