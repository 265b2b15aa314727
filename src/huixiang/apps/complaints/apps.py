from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "huixiang.apps.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what stands on a voice's page, what an erased voice leaves of a case, how long a case is kept, what
        # its law says to the bank's standards, how they are measured,
        # and what of cases is charted.
        from huixiang.apps.complaints import (  # noqa: F401
            charted_figures,
            digests,
            erasing,
            hooks_leaving,
            keeping,
            notices,
            old_guest,
            own_targets,
            panel,
            rehearsing,
            risk_mails,
            target_measures,
            voicing,
        )
