from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    name = "huixiang.apps.annotation"
    label = "annotation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.annotation import forgetting, measuring, rereading, schooling, suggesting  # noqa: F401  # their jobs
