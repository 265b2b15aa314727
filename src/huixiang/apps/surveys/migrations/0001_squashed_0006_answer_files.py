"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('surveys', '0001_initial'),
        ('surveys', '0002_answers_that_wait'),
        ('surveys', '0003_response_landed_as'),
        ('surveys', '0004_frames_and_sending'),
        ('surveys', '0005_links_withdrawn_and_claims'),
        ('surveys', '0006_answer_files'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        ('feedback', '0012_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.CharField(max_length=32, unique=True)),
                ('via', models.CharField(choices=[('link', '客户点了退订'), ('file', '名单导入'), ('staff', '员工登记')], max_length=8)),
                ('on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=64, unique=True)),
                ('place', models.PositiveIntegerField(null=True)),
                ('customer', models.CharField(db_index=True, max_length=32)),
                ('medium', models.CharField(choices=[('sms', '短信'), ('mail', '邮件'), ('link', '链接')], max_length=8)),
                ('contact', models.BinaryField(null=True)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('met_on', models.DateField(null=True)),
                ('stratum', models.CharField(blank=True, max_length=80)),
                ('probability', models.FloatField()),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('going', '正在发送'), ('sent', '已送出'), ('failed', '发送失败'), ('unsure', '不能确定'), ('skipped', '没有发送')], default='waiting', max_length=8)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('lease_until', models.DateTimeField(null=True)),
                ('is_leaving', models.BooleanField(default=False)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('failed', models.CharField(blank=True, max_length=200)),
                ('is_used', models.BooleanField(default=False)),
                ('withdrawn_for', models.CharField(blank=True, max_length=200)),
                ('serial', models.PositiveSmallIntegerField(default=0)),
                ('keep_until', models.DateField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='FormerLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_links', to='surveys.invitation')),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('state', models.CharField(choices=[('drawn', '已抽样'), ('sending', '发送中'), ('sent', '已发送'), ('paused', '已暂停'), ('stopped', '已停止')], default='drawn', max_length=8)),
                ('is_handed', models.BooleanField(default=False)),
                ('medium', models.CharField(choices=[('sms', '短信'), ('mail', '邮件'), ('either', '有手机的发短信，其余发邮件'), ('link', '链接名单，由本行自行分发')], default='sms', max_length=8, verbose_name='发送方式')),
                ('rule', models.JSONField(default=dict)),
                ('frame', models.BinaryField(null=True)),
                ('account', models.JSONField(default=list)),
                ('texts', models.JSONField(default=dict)),
                ('remind_after', models.PositiveSmallIntegerField(default=0, verbose_name='几天后提醒')),
                ('remind_most', models.PositiveSmallIntegerField(default=1, verbose_name='最多提醒几次')),
                ('links_taken_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('links_taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='invitation',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='surveys.round'),
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('slug', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('open', '进行中'), ('paused', '已暂停'), ('closed', '已结束')], default='draft', max_length=8)),
                ('is_anonymous', models.BooleanField(default=False, verbose_name='匿名')),
                ('is_public', models.BooleanField(default=False, verbose_name='可凭二维码或公开链接作答')),
                ('retention_days', models.PositiveSmallIntegerField(default=180, validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(1095)], verbose_name='保存天数')),
                ('draft', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='access.unit', verbose_name='机构')),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='round',
            name='survey',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='surveys.survey'),
        ),
        migrations.CreateModel(
            name='QuotaCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('limit', models.PositiveIntegerField()),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quota_counts', to='surveys.survey')),
            ],
        ),
        migrations.CreateModel(
            name='Framed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32)),
                ('customer', models.CharField(db_index=True, max_length=32)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('met_on', models.DateField()),
                ('contact', models.BinaryField(null=True)),
                ('has_phone', models.BooleanField(default=False)),
                ('has_mail', models.BooleanField(default=False)),
                ('has_opted_out', models.BooleanField(default=False)),
                ('left_out_for', models.CharField(blank=True, max_length=200)),
                ('keep_until', models.DateField(db_index=True)),
                ('left_out_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.unit')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='frame', to='surveys.survey')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='surveys.survey')),
            ],
            options={
                'ordering': ('survey', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('once', models.CharField(max_length=64, unique=True)),
                ('sealed', models.BinaryField(null=True)),
                ('language', models.CharField(max_length=8)),
                ('via', models.CharField(choices=[('invitation', 'Invitation'), ('qr', 'Qr'), ('link', 'Link')], max_length=10)),
                ('tier', models.CharField(blank=True, max_length=20)),
                ('stratum', models.CharField(blank=True, max_length=80)),
                ('weight', models.FloatField(default=1.0)),
                ('answered_on', models.DateField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('seconds', models.PositiveIntegerField(null=True)),
                ('marks', models.JSONField(default=list)),
                ('is_mixed', models.BooleanField(default=True)),
                ('stuck_at', models.DateTimeField(null=True)),
                ('landed_as', models.CharField(blank=True, db_index=True, max_length=24)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='responses', to='feedback.batch')),
                ('invitation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, to='surveys.invitation')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='surveys.version')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('once', models.CharField(max_length=64, unique=True)),
                ('sealed', models.BinaryField()),
                ('saved_at', models.DateTimeField(db_index=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='surveys.version')),
            ],
        ),
        migrations.CreateModel(
            name='AnswerFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='feedback.import')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='surveys.version')),
            ],
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['customer', 'sent_at'], name='surveys_inv_custome_366334_idx'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['round', 'state'], name='surveys_inv_round_i_1149da_idx'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('is_handed', True)), fields=('survey',), name='links_handed_over_have_one_round'),
        ),
        migrations.AddConstraint(
            model_name='quotacount',
            constraint=models.UniqueConstraint(fields=('survey', 'code'), name='quotas_are_counted_once'),
        ),
        migrations.AddConstraint(
            model_name='quotacount',
            constraint=models.CheckConstraint(condition=models.Q(('taken__lte', models.F('limit'))), name='quotas_are_not_overrun'),
        ),
        migrations.AddIndex(
            model_name='framed',
            index=models.Index(fields=['survey', 'met_on'], name='surveys_fra_survey__baeeee_idx'),
        ),
        migrations.AddConstraint(
            model_name='framed',
            constraint=models.UniqueConstraint(fields=('survey', 'key'), name='frames_hold_each_visit_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('survey', 'number'), name='versions_are_numbered'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['version', 'answered_on'], name='surveys_res_version_56ebc7_idx'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(('is_mixed', False)), fields=['version'], name='answers_that_wait'),
        ),
    ]
