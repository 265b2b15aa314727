"""What a new database gets in one step. One that already has some of these takes the single steps beside it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('needs', '0001_initial'),
        ('needs', '0002_deeds'),
        ('needs', '0003_english_deeds'),
        ('needs', '0004_kano_pairs'),
    ]

    initial = True

    dependencies = [
        ('access', '0009_answered_deeds'),
        ('surveys', '0006_answer_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('kind', models.CharField(choices=[('demand', '诉求'), ('expectation', '期望'), ('pain_point', '痛点')], max_length=16, verbose_name='性质')),
                ('statement', models.TextField(blank=True, max_length=1000, verbose_name='客户的说法')),
                ('state', models.CharField(choices=[('proposed', '待确认'), ('confirmed', '已确认'), ('decided', '已决定'), ('met', '已满足'), ('rejected', '已否决'), ('merged', '已合并')], default='proposed', max_length=12, verbose_name='状态')),
                ('rules', models.JSONField(default=list)),
                ('topics', models.JSONField(default=list)),
                ('searchable', models.TextField(editable=False)),
                ('key', models.CharField(editable=False, max_length=200, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='needs.need')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='needs', to=settings.AUTH_USER_MODEL, verbose_name='负责人')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='access.unit', verbose_name='机构')),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='KanoPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('functional', models.CharField(max_length=40)),
                ('dysfunctional', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='surveys.survey')),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='kano_pair', to='needs.need')),
            ],
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.CharField(max_length=80, verbose_name='您说')),
                ('did', models.CharField(max_length=160, verbose_name='我们做')),
                ('said_en', models.CharField(blank=True, max_length=200, verbose_name='您说（英文）')),
                ('did_en', models.CharField(blank=True, max_length=400, verbose_name='我们做（英文）')),
                ('done_on', models.DateField(verbose_name='做完的日期')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='access.unit')),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='needs.need')),
            ],
            options={
                'ordering': ('-done_on', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('product', '产品设计'), ('process', '流程'), ('standard', '服务标准'), ('none', '不采取行动')], max_length=10, verbose_name='决定')),
                ('title', models.CharField(max_length=200, verbose_name='内容')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='文号或编号')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='链接')),
                ('decided_on', models.DateField(verbose_name='决定日期')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='needs.need')),
            ],
            options={
                'ordering': ('-decided_on', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('voice_id', models.CharField(max_length=24)),
                ('counts', models.BooleanField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='needs.need')),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=16)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('changed', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='needs.need')),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'decided', 'met', 'rejected', 'merged'])), name='a_need_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='a_merged_need_says_into_which'),
        ),
        migrations.AddConstraint(
            model_name='pin',
            constraint=models.UniqueConstraint(fields=('need', 'voice_id'), name='a_voice_is_pinned_once'),
        ),
    ]
