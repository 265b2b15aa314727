from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "huixiang.apps.surveys"
    label = "surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what goes with an erased customer.
        from huixiang.apps.surveys import forgetting  # noqa: F401
