"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import huixiang.apps.access.models.units
import uuid
from django.conf import settings
from django.db import migrations, models

from huixiang.apps.access import append_only


class Migration(migrations.Migration):

    replaces = [
        ('access', '0001_initial'),
        ('access', '0002_audit_append_only'),
        ('access', '0003_remembered_answers'),
        ('access', '0004_paths_and_passwords'),
        ('access', '0005_job_sentences'),
        ('access', '0006_job_share'),
        ('access', '0007_bank_time_zone'),
        ('access', '0008_audit_addresses'),
        ('access', '0009_answered_deeds'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('number', models.CharField(max_length=32, unique=True, validators=[django.core.validators.RegexValidator('\\A(?!\\.{1,2}\\Z)[\\w.-]+\\Z', '只能用字母、数字、点、横线和下划线。')], verbose_name='工号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                ('is_active', models.BooleanField(default=True, verbose_name='在用')),
                ('must_change_password', models.BooleanField(default=False)),
                ('password_expires_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='AuditRecord',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=64)),
                ('verb', models.CharField(db_index=True, max_length=60)),
                ('on_kind', models.CharField(max_length=40)),
                ('on_id', models.CharField(blank=True, max_length=255)),
                ('source', models.CharField(blank=True, max_length=64)),
                ('outcome', models.CharField(max_length=20)),
                ('detail', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ('-seq',),
                'indexes': [models.Index(fields=['on_kind', 'on_id'], name='access_audi_on_kind_2438bf_idx'), models.Index(fields=['actor', '-seq'], name='access_audi_actor_15e2da_idx')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('title_message', models.CharField(max_length=200)),
                ('title_params', models.JSONField(default=dict)),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', '等待'), ('running', '进行中'), ('done', '完成'), ('failed', '失败'), ('cancelled', '已取消')], db_index=True, default='waiting', max_length=12)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(null=True)),
                ('done_share', models.FloatField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('outcome_message', models.TextField(blank=True)),
                ('outcome_params', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('beat_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='用途')),
                ('hashed', models.CharField(max_length=64, unique=True)),
                ('scopes', models.JSONField(default=list)),
                ('expires_on', models.DateField(verbose_name='到期日')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, unique=True, validators=[django.core.validators.RegexValidator('\\A(?!\\.{1,2}\\Z)[\\w.-]+\\Z', '只能用字母、数字、点、横线和下划线。')], verbose_name='机构号')),
                ('name', models.CharField(max_length=120, verbose_name='机构名称')),
                ('kind', models.CharField(choices=[('head_office', '总行'), ('region', '分行'), ('branch', '支行'), ('outlet', '网点')], max_length=16, verbose_name='级别')),
                ('path', models.TextField(editable=False)),
                ('time_zone', models.CharField(default=huixiang.apps.access.models.units.bank_time_zone, max_length=40, validators=[huixiang.apps.access.models.units.valid_time_zone], verbose_name='时区')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤并日期')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='access.unit')),
            ],
            options={
                'ordering': ('path',),
            },
        ),
        migrations.CreateModel(
            name='RememberedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('deed', models.CharField(blank=True, max_length=120)),
                ('body', models.TextField(blank=True)),
                ('location', models.CharField(blank=True, max_length=400)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remembered', to='access.token')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('token', 'key'), name='a_key_is_answered_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('quality_manager', '服务质量管理员'), ('complaint_handler', '投诉处理员'), ('branch_manager', '网点负责人'), ('staff', '员工'), ('inspector', '检查员'), ('analyst', '分析员'), ('care_officer', '员工关爱专员'), ('auditor', '审计员'), ('administrator', '系统管理员')], max_length=32, verbose_name='角色')),
                ('from_on', models.DateField(verbose_name='自')),
                ('to_on', models.DateField(blank=True, null=True, verbose_name='至')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='access.unit')),
            ],
            options={
                'ordering': ('-from_on',),
                'constraints': [models.CheckConstraint(condition=models.Q(('to_on', None), ('to_on__gte', models.F('from_on')), _connector='OR'), name='post_ends_after_it_starts'), models.UniqueConstraint(fields=('staff', 'unit', 'role', 'from_on'), name='one_post_a_day')],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: append_only.guard(schema_editor.connection),
            lambda apps, schema_editor: append_only.release(schema_editor.connection),
            elidable=False,
        ),
    ]
