"""The provider's stand-in over HTTP, and what the tests of payments do again and again."""

import pytest
from django_tasks_db.models import DBTaskResult

from config.stand_in import Server, StandIn
from enrollment.payments import tasks

SECRET = "whsec_tests"


@pytest.fixture(scope="session")
def _server():
    server = Server(StandIn(secret=SECRET)).start()
    yield server
    server.stop()


@pytest.fixture
def provider(_server, settings):
    """A fresh stand-in; its events are recorded and delivered by `deliver`, or by HTTP to `webhook`."""
    settings.STRIPE_SECRET_KEY = "sk_test_tests"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_API_BASE = _server.url
    stand_in = _server.stand_in
    stand_in.reset()
    stand_in.webhook = ""
    yield stand_in
    stand_in.reset()


@pytest.fixture
def deliver(client, provider):
    """`deliver(event, …)` posts a signed event to the site and returns the answer."""

    def post(event, *, body=None, **signing):
        signed, signature = provider.signed(event, **signing)
        return client.post(
            "/webhooks/stripe/",
            body or signed,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )

    return post


@pytest.fixture
def work():
    """Run what the worker would: every queued event and refund, once."""

    def run() -> None:
        for task in (tasks.process_event, tasks.send_refund):
            for row in DBTaskResult.objects.filter(task_path=task.module_path, status="READY"):
                task.func(**row.args_kwargs["kwargs"])
                DBTaskResult.objects.filter(pk=row.pk).update(status="SUCCESSFUL")

    return run
