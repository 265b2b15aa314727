from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "huixiang.apps.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.sources import receiving, taking  # noqa: F401  # registers its work
