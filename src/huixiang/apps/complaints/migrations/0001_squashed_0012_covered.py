"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.db.models.deletion
import django.utils.timezone
import huixiang.domain.complaints.states
import uuid
from django.conf import settings
from django.db import migrations, models

from huixiang.apps.access import append_only
from huixiang.apps.complaints.guarded import EVENTS


class Migration(migrations.Migration):

    replaces = [
        ('complaints', '0001_initial'),
        ('complaints', '0002_append_only'),
        ('complaints', '0003_letters'),
        ('complaints', '0004_queue_indexes'),
        ('complaints', '0005_class_codes'),
        ('complaints', '0006_work_of_the_day'),
        ('complaints', '0007_webhooks_and_old_numbers'),
        ('complaints', '0008_signals'),
        ('complaints', '0009_returns'),
        ('complaints', '0010_ruling'),
        ('complaints', '0011_four_eyes_and_catching_up'),
        ('complaints', '0012_covered'),
    ]

    initial = True

    dependencies = [
        ('access', '0001_squashed_0009_answered_deeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseNumber',
            fields=[
                ('year', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='CatchUp',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('last', models.BigIntegerField(default=0)),
                ('until', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='SignalWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(unique=True)),
                ('series', models.PositiveIntegerField()),
                ('alerts', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=16, unique=True, verbose_name='编号')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('way', models.CharField(choices=[('phone', '电话'), ('counter', '网点当面'), ('letter', '信函'), ('mail', '电子邮件'), ('web', '官网'), ('app', '手机银行'), ('social', '社交媒体'), ('supervisor', '监管转办'), ('petition', '信访'), ('12345', '12345热线'), ('other', '其他')], max_length=12, verbose_name='来源')),
                ('rule', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=80, verbose_name='一句话说明')),
                ('text', models.TextField(max_length=5000, verbose_name='投诉内容')),
                ('demand', models.TextField(blank=True, max_length=1000, verbose_name='投诉请求')),
                ('complainant', models.CharField(choices=[('self', '本人'), ('legal', '法定代理人'), ('agent', '委托代理人'), ('heir', '继承人'), ('group', '多人共同投诉'), ('anonymous', '匿名')], max_length=10, verbose_name='投诉人')),
                ('heads', models.PositiveIntegerField(default=1, verbose_name='人数')),
                ('customer', models.CharField(blank=True, db_index=True, max_length=32)),
                ('risks', models.JSONField(default=list)),
                ('channel_code', models.CharField(blank=True, max_length=40)),
                ('business_code', models.CharField(blank=True, max_length=40)),
                ('cause_code', models.CharField(blank=True, max_length=40)),
                ('state', models.CharField(choices=[(huixiang.domain.complaints.states.State['NEW'], '未登记'), (huixiang.domain.complaints.states.State['REGISTERED'], '已登记'), (huixiang.domain.complaints.states.State['REFUSED'], '不予受理'), (huixiang.domain.complaints.states.State['ACCEPTED'], '已受理'), (huixiang.domain.complaints.states.State['ASSIGNED'], '已分派'), (huixiang.domain.complaints.states.State['INVESTIGATING'], '调查中'), (huixiang.domain.complaints.states.State['AWAITING'], '待投诉人补充'), (huixiang.domain.complaints.states.State['PROPOSED'], '待复核'), (huixiang.domain.complaints.states.State['DECIDED'], '已作决定'), (huixiang.domain.complaints.states.State['REPLIED'], '已答复'), (huixiang.domain.complaints.states.State['DISPUTED'], '投诉人有异议'), (huixiang.domain.complaints.states.State['MEDIATION'], '调解中'), (huixiang.domain.complaints.states.State['REVIEW'], '核查中'), (huixiang.domain.complaints.states.State['REVIEWED'], '核查已决定'), (huixiang.domain.complaints.states.State['CLOSED'], '已办结'), (huixiang.domain.complaints.states.State['WITHDRAWN'], '已撤回'), (huixiang.domain.complaints.states.State['MERGED'], '已并案'), (huixiang.domain.complaints.states.State['ARCHIVED'], '已归档')], max_length=20, verbose_name='状态')),
                ('is_open', models.BooleanField(default=True)),
                ('is_held', models.BooleanField(default=False)),
                ('seriousness', models.CharField(choices=[('ordinary', '普通'), ('complex', '复杂'), ('major', '重大')], max_length=10, verbose_name='等级')),
                ('next_due_on', models.DateField(null=True, verbose_name='最近到期')),
                ('legal_latest_on', models.DateField(null=True)),
                ('is_late', models.BooleanField(default=False)),
                ('is_legally_late', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('rank', models.IntegerField(default=0)),
                ('call_back_at', models.DateTimeField(null=True)),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='complaints.case')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='access.unit')),
            ],
            options={
                'ordering': ('-received_at', '-pk'),
                'indexes': [models.Index(fields=['unit', '-received_at'], name='case_unit_received'), models.Index(condition=models.Q(('call_back_at__isnull', False)), fields=['call_back_at'], name='case_call_back'), models.Index(fields=['received_at', 'state', 'business_code', 'cause_code', 'channel_code', 'way', 'seriousness', 'unit', 'merged_into', 'is_held'], name='case_counted'), models.Index(condition=models.Q(('is_open', True)), fields=['rank', 'id', 'unit', 'is_held'], name='case_open'), models.Index(condition=models.Q(('is_open', True)), fields=['unit', 'rank', 'id', 'is_held'], name='case_open_unit'), models.Index(condition=models.Q(('is_open', True)), fields=['handler', 'rank', 'id', 'unit', 'is_held'], name='case_open_handler'), models.Index(condition=models.Q(('is_open', True)), fields=['state', 'rank', 'id', 'unit', 'is_held'], name='case_open_state'), models.Index(condition=models.Q(('is_open', True)), fields=['seriousness', 'rank', 'id', 'unit', 'is_held'], name='case_open_grade'), models.Index(condition=models.Q(('is_open', False)), fields=['rank', 'id', 'unit', 'is_held'], name='case_ended'), models.Index(condition=models.Q(('is_open', False)), fields=['unit', 'rank', 'id', 'is_held'], name='case_ended_unit'), models.Index(condition=models.Q(('is_open', True)), fields=['next_due_on', 'id', 'unit', 'is_held'], name='case_open_due')],
            },
        ),
        migrations.CreateModel(
            name='CaseReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader', models.CharField(max_length=120)),
                ('topics', models.JSONField(default=list)),
                ('words', models.JSONField(default=list)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='CaseVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(max_length=24, unique=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('verb', models.CharField(max_length=24)),
                ('at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('unit_code', models.CharField(max_length=32)),
                ('told', models.JSONField(default=dict)),
                ('sealed', models.BinaryField(null=True)),
                ('words_digest', models.CharField(blank=True, max_length=64)),
                ('once', models.CharField(max_length=64, null=True, unique=True)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='complaints.case')),
            ],
            options={
                'ordering': ('case', 'seq'),
                'indexes': [models.Index(fields=['verb', 'entered_at'], name='event_verb_entered')],
                'constraints': [models.UniqueConstraint(fields=('case', 'seq'), name='one_line_a_place')],
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('bytes', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='complaints.case')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='complaints.event')),
            ],
            options={
                'ordering': ('event__seq',),
            },
        ),
        migrations.CreateModel(
            name='HolidayYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveIntegerField()),
                ('source', models.CharField(max_length=120)),
                ('holidays', models.JSONField()),
                ('make_up', models.JSONField()),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-year', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='KeepingTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('years', models.PositiveSmallIntegerField()),
                ('from_on', models.DateField()),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Letterhead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='地址')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='联系电话')),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='letterhead', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('register', '投诉登记回执'), ('accept', '投诉受理告知书'), ('refuse', '投诉不予受理告知书'), ('pause', '投诉暂停计时告知书'), ('extend', '投诉延长办理期限告知书'), ('reply', '投诉处理答复书'), ('tell_review', '投诉核查决定告知书')], max_length=24)),
                ('effective_from', models.DateField(verbose_name='自何日起用')),
                ('title', models.CharField(max_length=40, verbose_name='标题')),
                ('body', models.TextField(max_length=5000, verbose_name='正文')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('kind', '-effective_from', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='complaints.case')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='complaints.event')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaint_mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-event__at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['staff'], name='mention_unseen')],
                'constraints': [models.UniqueConstraint(fields=('event', 'staff'), name='mentioned_once_a_line')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('medium', models.CharField(choices=[('mail', '邮件'), ('sms', '短信'), ('phone', '电话')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', '等待发送'), ('going', '正在发送'), ('sent', '已发送'), ('unsure', '不确定是否送达'), ('failed', '未能送达'), ('told', '已电话告知')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('failed', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('verb', models.CharField(max_length=24)),
                ('sealed', models.BinaryField()),
                ('once', models.CharField(max_length=64, null=True, unique=True)),
                ('is_recorded', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='complaints.case')),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['state', 'medium'], name='notice_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('verb', 'register')), fields=('case',), name='one_receipt_a_case')],
            },
        ),
        migrations.CreateModel(
            name='OldNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=40)),
                ('number', models.CharField(db_index=True, max_length=60)),
                ('import_id', models.UUIDField()),
                ('row', models.PositiveIntegerField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='old_number', to='complaints.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'number'), name='an_old_number_once')],
            },
        ),
        migrations.CreateModel(
            name='OpeningTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField()),
                ('hours', models.JSONField(null=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('why', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_terms', to='access.unit')),
            ],
            options={
                'ordering': ('-effective_from', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='PackDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('version', models.CharField(max_length=40)),
                ('effective_from', models.DateField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('proposed', '待审批'), ('approved', '已批准'), ('declined', '未批准')], default='proposed', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('replayed', models.JSONField(null=True)),
                ('replayed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='access.job')),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('complainant', '投诉人'), ('legal_representative', '法定代理人'), ('agent', '受托人'), ('representative', '推选的代表'), ('heir', '继承人'), ('account', '同一客户的另一账号或客户号')], max_length=20)),
                ('sealed', models.BinaryField(null=True)),
                ('pseudonym', models.CharField(blank=True, db_index=True, max_length=32)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='complaints.case')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='PartyMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('complainant', '投诉人'), ('legal_representative', '法定代理人'), ('agent', '受托人'), ('representative', '推选的代表'), ('heir', '继承人'), ('account', '同一客户的另一账号或客户号')], max_length=20)),
                ('kind', models.CharField(max_length=8)),
                ('mark', models.CharField(db_index=True, max_length=32)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='complaints.case')),
            ],
            options={
                'indexes': [models.Index(fields=['role', 'kind', 'mark'], name='party_mark')],
            },
        ),
        migrations.CreateModel(
            name='PeopleExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numbers', models.JSONField()),
                ('ground', models.CharField(max_length=400)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('asked', '待另一人放行'), ('released', '已放行，待取走'), ('declined', '未放行'), ('fetched', '已取走')], default='asked', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('fetched_at', models.DateTimeField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='ReturnVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=6)),
                ('version', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待审批'), ('frozen', '已定稿')], default='draft', max_length=10)),
                ('figures', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('sent_back', models.CharField(blank=True, max_length=400)),
                ('drafted_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ('-period', 'unit', '-version'),
                'constraints': [models.UniqueConstraint(fields=('period', 'unit', 'version'), name='one_return_a_version'), models.UniqueConstraint(condition=models.Q(('state', 'frozen'), _negated=True), fields=('period', 'unit'), name='one_return_in_work')],
            },
        ),
        migrations.CreateModel(
            name='RiskMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('medium', models.CharField(choices=[('mail', '邮件'), ('sms', '短信'), ('phone', '电话')], max_length=8)),
                ('state', models.CharField(choices=[('waiting', '等待发送'), ('going', '正在发送'), ('sent', '已发送'), ('unsure', '不确定是否送达'), ('failed', '未能送达'), ('told', '已电话告知')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('failed', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('level', models.CharField(max_length=12)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='risk_mails', to='complaints.case')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'medium'], name='risk_mail_state')],
                'constraints': [models.UniqueConstraint(fields=('case', 'staff', 'level'), name='one_mail_a_level')],
            },
        ),
        migrations.CreateModel(
            name='RiskMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('level', models.CharField(max_length=8)),
                ('words', models.JSONField(default=list)),
                ('voice_id', models.CharField(blank=True, max_length=24)),
                ('found_at', models.DateTimeField()),
                ('is_known', models.BooleanField(default=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='risk_marks', to='complaints.case')),
            ],
            options={
                'ordering': ('found_at', 'pk'),
                'indexes': [models.Index(condition=models.Q(('is_known', False)), fields=['found_at'], name='risk_unknown'), models.Index(condition=models.Q(('is_known', False)), fields=['case'], name='risk_unknown_case')],
                'constraints': [models.UniqueConstraint(fields=('case', 'code', 'voice_id'), name='one_mark_a_text')],
            },
        ),
        migrations.CreateModel(
            name='RulePack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('version', models.CharField(max_length=40)),
                ('effective_from', models.DateField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(auto_now_add=True)),
                ('loaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-effective_from', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='one_text_a_version')],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='pack',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='complaints.rulepack'),
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(max_length=12)),
                ('value', models.CharField(blank=True, max_length=80)),
                ('unit', models.CharField(blank=True, max_length=32)),
                ('since', models.DateField()),
                ('alerted_on', models.DateField()),
                ('last_on', models.DateField()),
                ('ended_on', models.DateField(null=True)),
                ('ended', models.CharField(blank=True, max_length=5)),
                ('alert', models.JSONField()),
                ('last', models.JSONField()),
                ('cases', models.JSONField(default=list)),
                ('words', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('new', '待研判'), ('dismissed', '不成立'), ('problem', '待交问题台账')], default='new', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='理由')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='also', to='complaints.signal')),
            ],
            options={
                'ordering': ('-alerted_on', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('dimension', 'value', 'unit', 'alerted_on'), name='one_signal_an_alert')],
            },
        ),
        migrations.CreateModel(
            name='SignalLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('signal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='complaints.signal')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('signal', 'staff'), name='one_look_a_person')],
            },
        ),
        migrations.CreateModel(
            name='VoiceRuleBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='自何日起用')),
                ('text', models.TextField(max_length=20000, verbose_name='规则（TOML）')),
                ('note', models.CharField(max_length=200, verbose_name='为什么改')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-effective_from', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('by')), _negated=True), _connector='OR'), name='rules_by_four_eyes')],
            },
        ),
        migrations.CreateModel(
            name='VoiceTaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(max_length=24, unique=True)),
                ('rule', models.CharField(max_length=40)),
                ('why', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('registered', '已按规则登记'), ('proposed', '待转投诉'), ('join', '待并入'), ('done', '已由人处理'), ('declined', '不转')], max_length=10)),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='complaints.voicerulebook')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='taken_by_rule', to='complaints.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'ordering': ('-taken_at', '-pk'),
                'indexes': [models.Index(fields=['state', '-taken_at'], name='taking_state')],
            },
        ),
        migrations.CreateModel(
            name='WarningTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pack', models.CharField(blank=True, max_length=40)),
                ('effective_from', models.DateField()),
                ('handler', models.PositiveIntegerField(null=True)),
                ('unit', models.PositiveIntegerField(null=True)),
                ('superior', models.PositiveIntegerField(null=True)),
                ('head_office', models.PositiveIntegerField(null=True)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-effective_from', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('url', models.CharField(max_length=500, verbose_name='接收地址')),
                ('verbs', models.JSONField(default=list, verbose_name='事件')),
                ('sealed', models.BinaryField()),
                ('former_sealed', models.BinaryField(null=True)),
                ('former_until', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('is_gone', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('created_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(max_length=40)),
                ('body', models.TextField()),
                ('happened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('waiting', '等候送达'), ('delivered', '已送达'), ('given_up', '已放弃')], default='waiting', max_length=10)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('replays', models.PositiveIntegerField(default=0)),
                ('tried_at', models.DateTimeField(null=True)),
                ('status', models.PositiveIntegerField(null=True)),
                ('trouble', models.JSONField(default=dict)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.case')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='complaints.webhook')),
            ],
            options={
                'ordering': ('-happened_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['next_at'], name='delivery_due'), models.Index(fields=['webhook', '-happened_at', '-id'], name='delivery_log')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('case__isnull', False)), fields=('webhook', 'case', 'seq'), name='one_message_a_line')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='自')),
                ('until_on', models.DateField(verbose_name='至')),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputises', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('from_on', 'pk'),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['deputy', 'until_on'], name='absence_deputy')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='absence_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('staff', models.F('deputy')), _negated=True), name='nobody_is_her_own_deputy')],
            },
        ),
        migrations.CreateModel(
            name='Accused',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accused', to='complaints.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'staff'), name='accused_once')],
            },
        ),
        migrations.CreateModel(
            name='CustomerTie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='complaints.case')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'other'), name='tied_once')],
            },
        ),
        migrations.CreateModel(
            name='Denominator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('customers', '客户数'), ('personal_customers', '个人客户数'), ('accounts', '账户数'), ('cards', '卡数'), ('branches', '营业网点数')], max_length=20, verbose_name='哪一种分母')),
                ('on', models.DateField(verbose_name='哪一天的数')),
                ('value', models.PositiveBigIntegerField(verbose_name='数量')),
                ('source', models.CharField(max_length=120, verbose_name='数据来源')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit', verbose_name='机构号')),
            ],
            options={
                'ordering': ('-on', 'unit', 'kind', '-pk'),
                'indexes': [models.Index(fields=['unit', 'kind', 'on'], name='denominator_of_unit')],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: append_only.guard(schema_editor.connection, EVENTS),
            lambda apps, schema_editor: append_only.release(schema_editor.connection, EVENTS),
            elidable=False,
        ),
    ]
