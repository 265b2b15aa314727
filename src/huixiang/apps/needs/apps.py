from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "huixiang.apps.needs"
    label = "needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.needs.actions import pinning  # noqa: F401  # what goes with an erased voice
