from django.apps import AppConfig


class SlipsConfig(AppConfig):
    name = "huixiang.apps.slips"
    label = "slips"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the works, and what goes with an erased voice.
        from huixiang.apps.slips import erasing, reading, taking  # noqa: F401
