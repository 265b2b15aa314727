"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('feedback', '0001_initial'),
        ('feedback', '0002_mended_rows'),
        ('feedback', '0003_erasure'),
        ('feedback', '0004_findings'),
        ('feedback', '0005_erased_rows'),
        ('feedback', '0006_rises'),
        ('feedback', '0007_attachments'),
        ('feedback', '0008_erased_calls'),
        ('feedback', '0009_certificates'),
        ('feedback', '0010_clearings'),
        ('feedback', '0011_expired_rows'),
        ('feedback', '0012_terms'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('voice_id', models.CharField(db_index=True, max_length=24)),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=80)),
                ('is_photo', models.BooleanField(default=False)),
                ('bytes', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('received_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Clearing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField()),
                ('removed', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Expiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=24)),
                ('before', models.CharField(max_length=7)),
                ('manner', models.CharField(choices=[('figures', '只留统计：原文、假名与附件清除，改用无法对回的编号'), ('delete', '全部清除，统计数字随之减少')], max_length=8)),
                ('salt', models.BinaryField()),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('voices', models.PositiveBigIntegerField(default=0)),
                ('calls', models.PositiveBigIntegerField(default=0)),
                ('posts', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'ordering': ('-begun_at',),
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=24, unique=True)),
                ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='声音保存几个月')),
                ('manner', models.CharField(choices=[('figures', '只留统计：原文、假名与附件清除，改用无法对回的编号'), ('delete', '全部清除，统计数字随之减少')], default='figures', max_length=8, verbose_name='到期之后')),
                ('from_on', models.DateField(null=True)),
                ('row_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='被隔离的行保存几天')),
                ('rows_from_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(unique=True)),
                ('series', models.PositiveIntegerField()),
                ('alerts', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Bygone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(max_length=24)),
                ('what', models.CharField(choices=[('voice', '声音'), ('files', '附件')], max_length=6)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('voice_id', 'what'), name='gone_once')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(db_index=True, max_length=24)),
                ('voice_version', models.PositiveIntegerField()),
                ('field', models.CharField(choices=[('sentiment', '情感'), ('branch', '机构'), ('product', '产品'), ('kind', '性质'), ('topics', '事项')], max_length=12)),
                ('before', models.CharField(blank=True, max_length=400)),
                ('after', models.CharField(blank=True, max_length=400)),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('applied_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('voice', '一条声音'), ('customer', '一位客户的声音'), ('restored', '从备份恢复的声音')], max_length=10, verbose_name='对象')),
                ('reason', models.CharField(max_length=400, verbose_name='原因')),
                ('pseudonym', models.CharField(blank=True, max_length=32)),
                ('voices', models.PositiveIntegerField()),
                ('calls', models.PositiveIntegerField(default=0)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('looked', models.JSONField(default=list)),
                ('looked_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='erasure_of', to='access.job')),
            ],
            options={
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=255, verbose_name='文件')),
                ('path', models.CharField(max_length=1000)),
                ('is_upload', models.BooleanField(default=False)),
                ('fingerprint', models.CharField(max_length=64)),
                ('bytes', models.BigIntegerField()),
                ('format', models.CharField(max_length=40, verbose_name='格式')),
                ('mapping', models.TextField(blank=True)),
                ('channel', models.CharField(blank=True, max_length=24, verbose_name='渠道')),
                ('product', models.CharField(blank=True, max_length=80, verbose_name='默认产品')),
                ('actor', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('fault', models.JSONField(null=True)),
                ('branch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='默认机构')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_of', to='access.job')),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rows_read', models.BigIntegerField()),
                ('read', models.PositiveIntegerField()),
                ('new', models.PositiveIntegerField()),
                ('same', models.PositiveIntegerField()),
                ('changed', models.PositiveIntegerField()),
                ('quarantined', models.IntegerField()),
                ('erased', models.PositiveIntegerField(default=0)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='feedback.import')),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Quarantined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.BigIntegerField(verbose_name='行')),
                ('column', models.CharField(blank=True, max_length=120, verbose_name='列')),
                ('message', models.TextField()),
                ('params', models.JSONField(default=dict)),
                ('sealed', models.BinaryField()),
                ('state', models.CharField(choices=[('open', '待修正'), ('mended', '已修正入库'), ('discarded', '已放弃'), ('erased', '已应要求删除'), ('expired', '已过保存期限')], default='open', max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('voice_id', models.CharField(blank=True, max_length=24)),
                ('emptied_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused', to='feedback.batch')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('mended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mends', to='feedback.batch')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quarantine', to='feedback.import')),
            ],
            options={
                'ordering': ('row',),
            },
        ),
        migrations.CreateModel(
            name='Rise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(max_length=80)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('since', models.DateField()),
                ('alerted_on', models.DateField()),
                ('last_on', models.DateField()),
                ('ended_on', models.DateField(null=True)),
                ('ended', models.CharField(blank=True, max_length=5)),
                ('alert', models.JSONField()),
                ('last', models.JSONField()),
            ],
            options={
                'ordering': ('-alerted_on', 'topic', 'unit'),
                'constraints': [models.UniqueConstraint(fields=('topic', 'unit', 'alerted_on'), name='one_rise_an_alert')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('voice_id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                ('erasure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tombstones', to='feedback.erasure')),
            ],
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('of', 'number'), name='a_batch_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('new'), '+', models.F('same')), '+', models.F('changed')), '+', models.F('quarantined')), '+', models.F('erased')))), name='the_account_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='quarantined',
            constraint=models.UniqueConstraint(fields=('of', 'row'), name='a_row_is_refused_once'),
        ),
    ]
