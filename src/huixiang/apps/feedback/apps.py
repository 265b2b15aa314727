from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "huixiang.apps.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers their works.
        from huixiang.apps.feedback import (  # noqa: F401
            erasing,
            fact_keeping,
            importing,
            outside,
            own_keeping,
            ticket_keeping,
        )
