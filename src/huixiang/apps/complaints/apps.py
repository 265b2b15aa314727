from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "huixiang.apps.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what stands on a voice's page, what an erased voice leaves of a case, and how long a case is kept.
        from huixiang.apps.complaints import (  # noqa: F401
            digests,
            erasing,
            hooks_leaving,
            keeping,
            notices,
            old_guest,
            panel,
            rehearsing,
            risk_mails,
            voicing,
        )
