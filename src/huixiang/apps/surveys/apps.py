from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "huixiang.apps.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers the work, and what goes with an erased voice or customer.
        from huixiang.apps.surveys import (  # noqa: F401
            answer_guest,
            erasing,
            expiring,
            forgetting,
            sending,
            taking,
            told_cells,
            unfiling,
            unframing,
        )
