from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "huixiang.apps.needs"
    label = "needs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what goes with an erased voice, what is counted once many came in, what customers' pages link to.
        from huixiang.apps.needs import deeds, standing  # noqa: F401
        from huixiang.apps.needs.actions import pinning  # noqa: F401
