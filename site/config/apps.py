from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from . import checks, csp_choosers  # noqa: F401 - checks register themselves

        csp_choosers.install()
