from django.apps import AppConfig


class ReputationConfig(AppConfig):
    name = "huixiang.apps.reputation"
    label = "reputation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.reputation import names, panel  # noqa: F401  # register judge, work and a part of a voice's page
