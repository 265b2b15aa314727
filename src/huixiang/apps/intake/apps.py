from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "huixiang.apps.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the work, what goes with an erased voice, and what stands on a voice's page.
        from huixiang.apps.intake import (  # noqa: F401
            callers,
            erasing,
            keeping,
            letters,
            panel,
            reaching,
            taking,
            telling,
        )
