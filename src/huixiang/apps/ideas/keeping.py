"""How long does the bank keep what its own people proposed, and who it was?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.ideas.models import Idea

keeps(
    Keeping(
        code="ideas",
        channel=_("员工建议"),
        holds=_("署名建议的提出人与内容（不署名的没有提出人）"),
        days=lambda: _("没有期限，离职后也保留：采纳与表彰要能追溯到人"),
        ground=_("员工自愿署名；劳动关系中的管理所必需"),
        stored=lambda: Idea.objects.exclude(by=None).count(),
        within=lambda reach: Idea.objects.exclude(by=None).filter(unit__code__in=reach, is_confidential=False).count(),
        settings=("ideas",),
    )
)
