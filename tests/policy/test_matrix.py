"""The table against the real site: every address, every role, own and foreign objects, every method."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from . import table
from .addresses import ARGUMENTS, address, all_names, without_arguments
from .world import ROLES, WHOSE, World

REFUSALS = ("login", "403", "404")
# Every line is tried as every role; where all get the same, and with the other methods, as these.
FEW = ("visitor", "participant", "communicator")
# Of a family, these are tried inside; the others only at the door.
TRIED_INSIDE = ("communicator",)


@pytest.fixture
def world(db, now):
    return World(now)


@pytest.fixture
def clients(world):
    made = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, person in world.people.items():
        made[role].force_login(person)
    return made


def outcome(response) -> str:
    status = response.status_code
    if status in (403, 404, 405):
        return str(status)
    if status >= 500:
        return f"broken ({status})"
    if status in (301, 302, 303):
        if "/accounts/login/" in response["Location"]:
            return "login"
        if response["Location"] == "/admin/":
            return "home"
    return "ok"


def fits(wanted: str, got: str) -> bool:
    if wanted == "ok":
        return got in ("ok", "405", "home")
    if wanted == "cms":
        return got in ("ok", "403", "404", "405", "home")
    if wanted == "no":
        return got in ("403", "404", "405", "home")
    return wanted == got


def send(client, method: str, path: str) -> str:
    """One request whose effects are taken back, also a sign-out."""
    mark, cookies = transaction.savepoint(), client.cookies.copy()
    cache.clear()
    try:
        return outcome(client.generic(method, path))
    finally:
        client.cookies = cookies
        transaction.savepoint_rollback(mark)


def test_every_address_stands_in_the_table():
    lines = table.read()
    missing = [
        f"{name} ({route})"
        for name, route in all_names().items()
        if not any(line.covers(name) for line in lines)
    ]
    assert not missing, "decide in tests/policy/table.txt: " + ", ".join(missing)


def test_the_table_names_no_address_twice_and_none_that_is_gone():
    seen = [(line.name, line.whose) for line in table.read()]
    assert len(seen) == len(set(seen))
    names = all_names()
    gone = [n for n, _whose in seen if "*" not in n and n not in names]
    assert not gone


def test_an_object_is_tried_as_own_same_and_other():
    by_name: dict[str, set[str]] = {}
    for line in table.read():
        by_name.setdefault(line.name, set()).add(line.whose)
    for name, arguments in ARGUMENTS.items():
        if name in by_name and any(not what.startswith("=") for what in arguments.values()):
            assert by_name[name] == set(WHOSE), name


def test_everybody_gets_what_the_table_says(world, clients, request):
    """With the second database the methods of the table alone: the others reach no other query."""
    again = request.config.getoption("second_engine")
    wrong = []
    for line in table.read():
        if line.family or line.method == "-":
            continue
        path = address(line.name, line.whose, world)
        alike = len(set(line.cells.values())) == 1
        for role, wanted in line.cells.items():
            if alike and role not in FEW:
                continue
            got = send(clients[role], line.method, path)
            if not fits(wanted, got):
                wrong.append(
                    f"{line.method} {line.name} {line.whose} as {role}: {wanted}, got {got}"
                )
            if again or role not in FEW:
                continue
            for method in sorted({"GET", "HEAD", "POST", "PUT", "DELETE"} - {line.method}):
                got = send(clients[role], method, path)
                if got.startswith("broken") or (wanted in REFUSALS and got in ("ok", "home")):
                    wrong.append(f"{method} {line.name} {line.whose} as {role}: {got}")
    assert not wrong, "\n".join(wrong)


# wagtail-localize pages through an unordered list; its affair.
@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")
def test_families_keep_everybody_at_their_door(world, clients):
    lines = table.read()
    single = {line.name for line in lines if not line.family}
    wrong = []
    for name, path in without_arguments(n for n in all_names() if n not in single).items():
        line = max(
            (line for line in lines if line.covers(name)),
            key=lambda line: len(line.name),
            default=None,
        )
        if line is None:
            continue
        for role, wanted in line.cells.items():
            if wanted == "cms" and role not in TRIED_INSIDE:
                continue
            for method in ("GET", "POST") if wanted in REFUSALS else ("GET",):
                got = send(clients[role], method, path)
                if not fits(wanted, got):
                    wrong.append(f"{method} {name} as {role}: {wanted}, got {got}")
    assert not wrong, "\n".join(wrong)
