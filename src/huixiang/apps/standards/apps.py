from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "huixiang.apps.standards"
    label = "standards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what the facts of earlier stages measure and chart, and the job that replays a year.
        from huixiang.apps.standards import (  # noqa: F401
            hotline_figures,
            hotline_measures,
            previewing,
            survey_measures,
            voice_figures,
            waiting_figures,
            waiting_measures,
        )
