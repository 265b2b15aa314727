from django.apps import AppConfig


class FocusConfig(AppConfig):
    name = "huixiang.apps.focus"
    label = "focus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the work, what goes with an erased voice or with its time, and who else knows voices of a customer.
        from huixiang.apps.focus import erasing, expiring, voices  # noqa: F401
