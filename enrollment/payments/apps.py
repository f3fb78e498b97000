from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "enrollment.payments"

    def ready(self) -> None:
        from . import rules  # noqa: F401 - fills the registries
