from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "huixiang.apps.subscriptions"
    label = "subscriptions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huixiang.apps.subscriptions import sending  # noqa: F401  # registers the work that sends
