from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "huixiang.apps.ideas"
    label = "ideas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers its line on the page of terms.
        from huixiang.apps.ideas import expiring  # noqa: F401
