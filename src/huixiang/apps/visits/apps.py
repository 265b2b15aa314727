from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "huixiang.apps.visits"
    label = "visits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.visits import measures, screen_people  # noqa: F401  # registers what is counted at once
