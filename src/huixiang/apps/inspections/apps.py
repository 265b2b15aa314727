from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "huixiang.apps.inspections"
    label = "inspections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what inspections and transcripts measure, what is charted, and how long photos are kept.
        from huixiang.apps.inspections import charted_figures, keeping, measured, sheet_guest, wording  # noqa: F401
