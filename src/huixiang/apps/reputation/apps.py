from django.apps import AppConfig


class ReputationConfig(AppConfig):
    name = "huixiang.apps.reputation"
    label = "reputation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.reputation import names  # noqa: F401  # registers its judge and its work
