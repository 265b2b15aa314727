from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "huixiang.apps.standards"
    label = "standards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what the facts of earlier stages measure, and the job that replays a year.
        from huixiang.apps.standards import hotline_measures, previewing, waiting_measures  # noqa: F401
