"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('intake', '0001_initial'),
        ('intake', '0002_withdrawn_and_notice'),
        ('intake', '0003_answered_ways'),
        ('intake', '0004_callers'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        ('feedback', '0012_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Caller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(max_length=24, unique=True)),
                ('contact', models.BinaryField()),
                ('customer', models.CharField(db_index=True, max_length=32)),
                ('called_at', models.DateTimeField()),
                ('keep_until', models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Way',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=24, unique=True)),
                ('keeps', models.BooleanField(default=True, verbose_name='保存联系方式并生成查询码')),
                ('acknowledges', models.BooleanField(default=False, verbose_name='新到的声音自动发送收悉通知')),
                ('consent', models.TextField(blank=True, max_length=400, verbose_name='隐私说明')),
                ('retention_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(1095)], verbose_name='保存天数')),
            ],
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=12)),
                ('who', models.CharField(max_length=32)),
                ('count', models.PositiveIntegerField(default=0)),
                ('until', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('what', 'who'), name='attempts_are_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='PostBox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('suggestion_box', '意见箱'), ('website', '官网留言')], default='suggestion_box', max_length=16, verbose_name='用途')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('slug', models.CharField(max_length=16, unique=True)),
                ('is_open', models.BooleanField(default=True)),
                ('consent', models.TextField(blank=True, max_length=400, verbose_name='隐私说明')),
                ('retention_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(1095)], verbose_name='保存天数')),
                ('origins', models.TextField(blank=True, verbose_name='可嵌入的网站')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='post_boxes', to='access.unit', verbose_name='机构')),
            ],
            options={
                'ordering': ('unit__path', 'kind', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(blank=True, max_length=24)),
                ('customer', models.CharField(blank=True, db_index=True, max_length=32)),
                ('once', models.CharField(max_length=64, unique=True)),
                ('voice_id', models.CharField(max_length=24, unique=True)),
                ('sealed', models.BinaryField(null=True)),
                ('contact', models.BinaryField(null=True)),
                ('by_call', models.BooleanField(default=False)),
                ('agreed_to', models.TextField(blank=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('is_named', models.BooleanField(default=False)),
                ('notice', models.CharField(blank=True, max_length=16)),
                ('code', models.CharField(max_length=64, unique=True)),
                ('draw', models.PositiveSmallIntegerField(default=0)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('keep_until', models.DateField()),
                ('stuck_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='feedback.batch')),
                ('box', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='intake.postbox')),
            ],
            options={
                'ordering': ('-received_at',),
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('medium', models.CharField(choices=[('mail', '邮件'), ('sms', '短信'), ('phone', '电话')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', '等待发送'), ('going', '正在发送'), ('sent', '已发送'), ('unsure', '不确定是否送达'), ('failed', '未能送达'), ('told', '已电话告知')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('failed', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letter', to='intake.answer')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='intake.submission')),
            ],
        ),
        migrations.AddField(
            model_name='answer',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='intake.submission'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['box', '-received_at'], name='intake_subm_box_id_50d919_idx'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['state', 'medium'], name='intake_lett_state_f5c387_idx'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', None)), fields=('submission',), name='each_message_is_acknowledged_once'),
        ),
    ]
