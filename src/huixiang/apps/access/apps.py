from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "huixiang.apps.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.access import logins  # noqa: F401  # hears log-ins from now on
