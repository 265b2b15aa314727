from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "huixiang.apps.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from huixiang.apps.access.saved import savable
        from huixiang.apps.visits import measures, screen_people  # noqa: F401  # registers what is counted at once

        savable("waiting", _("等候"), right="waiting.see", fields=("limit", "unit"), period=("month",))
        fair = ("limit", "unit", "span", "band")
        savable("waiting_fair", _("等候的公平比较"), right="waiting.see", fields=fair, period=("month",))
