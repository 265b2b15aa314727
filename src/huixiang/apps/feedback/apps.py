from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "huixiang.apps.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers their works.
        from django.utils.translation import gettext_lazy as _

        from huixiang.apps.access.saved import savable
        from huixiang.apps.feedback import (  # noqa: F401
            erasing,
            fact_keeping,
            importing,
            outside,
            own_keeping,
            ticket_keeping,
        )

        period = ("since", "until")
        calls = ("queue", "within", "short", "days")
        savable("hotline", _("热线"), right="hotline.see", fields=calls, period=period)
        voices = ("channel", "branch", "product", "version", "tier", "sentiment", "kind", "topic", "risk", "once")
        savable("voices", _("客户之声"), right="voice.see", fields=voices, period=period)
