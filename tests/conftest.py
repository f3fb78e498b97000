"""Fixtures that every test may use."""

import os
import shutil
import socket
from collections.abc import Iterator

import pytest

from tests.baseline import Baseline, copy_template
from tests.mail_sink import MailSink

# Playwright keeps an event loop in the test's thread; the ORM would refuse to work beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
REQUIRED = os.environ.get("CI") == "1"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--second-engine",
        action="store_true",
        help="leave out what has just passed with another database and cannot differ with this one",
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    if config.getoption("second_engine"):
        alike = [item for item in items if not _may_differ_by_engine(item)]
        config.hook.pytest_deselected(items=alike)
        items[:] = [item for item in items if _may_differ_by_engine(item)]
    for item in items:
        names = getattr(item, "fixturenames", [])
        if _is_transactional(item):
            # First in, last out: the rows of the migrations come back after pytest-django's flush, which
            # the second name tells to leave content types and permissions to us.
            names[0:0] = ["_baseline_after_flush", "django_db_serialized_rollback"]
        if "browser" not in names:
            continue
        item.add_marker("browser")
        if not CHROMIUM and not REQUIRED:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium: apt-get install chromium, or set CHROMIUM")
            )
    yield
    items[:] = _longest_first(items)


def _longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """In an order in which no worker is left alone at the end with what takes long. Of two workers each begins at
    one half: both with some of the `long` tests; the running demo is needed, and started, by the second alone."""
    long = [item for item in items if item.get_closest_marker("long")]
    demo = [item for item in items if "demo_site" in getattr(item, "fixturenames", ())]
    others = [item for item in items if item not in {*long, *demo}]
    first, second = long[::2], [*demo, *long[1::2]]
    half = max(0, (len(items) + 1) // 2 - len(first))
    return [*first, *others[:half], *second, *others[half:]]


def _may_differ_by_engine(item: pytest.Item) -> bool:
    """Whether a test reaches the database at all, and is not marked as the same with every engine."""
    if item.get_closest_marker("any_engine"):
        return False
    names = {"db", "transactional_db", "live_server"}
    return bool(
        item.get_closest_marker("django_db") or names & set(getattr(item, "fixturenames", ()))
    )


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        return True
    return not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """A copy of a migrated database is taken as it is; only `--reuse-db` keeps one between runs."""
    return bool(os.environ.get("TEST_TEMPLATE")) or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker) -> None:
    if os.environ.get("TEST_TEMPLATE"):
        with django_db_blocker.unblock():
            copy_template(os.environ["TEST_TEMPLATE"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The rows that migrations leave behind, kept so that a flush can be undone."""
    with django_db_blocker.unblock():
        Baseline.keep()


@pytest.fixture(autouse=True)
def _database_left_well(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that wrote: what must always hold still holds.

    `@pytest.mark.breaks_invariants` exempts a test that breaks one to see it found.
    """
    node = request.node
    transactional = _is_transactional(node)
    if not transactional and not (
        node.get_closest_marker("django_db") or "db" in request.fixturenames
    ):
        yield
        return
    request.getfixturevalue("transactional_db" if transactional else "db")
    from django.db import connection

    written = transactional

    def notice(execute, sql, params, many, context):
        nonlocal written
        written = written or sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(notice):
        yield
    if transactional:
        # Playwright's event loop gives this thread a connection of its own, which `Baseline.keep` did not see.
        connection._test_serialized_contents = "[]"
    if written and node.get_closest_marker("breaks_invariants") is None:
        _check_invariants()


def _check_invariants() -> None:
    from django.db import connection
    from django.utils import timezone

    from accounts.registries import invariants

    if connection.in_atomic_block and connection.needs_rollback:
        return
    now = timezone.now()
    broken = [f"{name}: {line}" for name, check in invariants.items() for line in check(now)]
    assert not broken, "what must always hold does not:\n" + "\n".join(broken)


@pytest.fixture
def _baseline_after_flush(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A flush takes the rows of the migrations, too: the next test and the next run would miss them."""
    yield
    with django_db_blocker.unblock():
        Baseline.restore()


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """Nothing that a test left in the cache or the thread reaches the next one."""
    yield
    from django.conf import settings
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    if not CHROMIUM:
        pytest.fail("Chromium is missing: apt-get install chromium, or set CHROMIUM")
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def axe():
    """`axe(page)` gives the accessibility violations as readable lines; none is what a test wants."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()

    def run(page) -> list[str]:
        # Only violations are told: what passed is long, and brought over and read for nothing.
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        found = checker.run(page, options=options)
        return [
            f"{page.url} {violation['id']}: {violation['help']}: {node['html'][:200]}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]

    return run


@pytest.fixture
def smtp() -> Iterator[MailSink]:
    """A real mail server: `smtp.messages` holds what arrived, `smtp.answers` what to refuse."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink = MailSink(port=port)
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()
