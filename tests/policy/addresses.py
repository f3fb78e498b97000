"""Every address of the site: its name, where it stands, and the arguments that the small world gives it."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

# name -> keyword -> what of the world; a plain word in quotes stands for itself.
ARGUMENTS: dict[str, dict[str, str]] = {
    "run": {"code": "run"},
    "book": {"code": "run"},
    "book_company": {"code": "run"},
    "wait": {"code": "run"},
    "booking": {"public_id": "booking"},
    "name_people": {"public_id": "booking"},
    "booking_reference": {"public_id": "booking"},
    "pay": {"public_id": "booking"},
    "paid": {"public_id": "booking"},
    "receipt": {"public_id": "booking"},
    "cancel_enrolment": {"public_id": "enrollment"},
    "substitute": {"public_id": "enrollment"},
    "move_enrolment": {"public_id": "enrollment"},
    "add_to_team": {"public_id": "enrollment"},
    "diary": {"public_id": "enrollment"},
    "own_data": {"token": "own data"},
    "own_data_decline": {"token": "own data"},
    "company_invite": {"pk": "company"},
    "company_workplace": {"pk": "company"},
    "company_membership": {"pk": "membership"},
    "leave_waiting": {"public_id": "waiting"},
    "module": {"enrollment": "enrollment", "module": "=1"},
    "roster": {"public_id": "session"},
    "roster_undo": {"public_id": "session"},
    "roster_close": {"public_id": "session"},
    "roster_reopen": {"public_id": "past session"},
    "roster_paper": {"public_id": "session"},
    "results": {"code": "past run"},
    "certificate_download": {"public_id": "certificate"},
    "certificate_show_name": {"public_id": "certificate"},
    "verify": {"code": "certificate code"},
    "verify_json": {"code": "certificate code"},
    "language": {"code": "=en"},
    "offer": {"token": "=wrong"},
    "waiting": {"token": "=wrong"},
    "demo_sign_in": {"token": "=wrong"},
    "openid_connect_login": {"provider_id": "=wrong"},
    "openid_connect_callback": {"provider_id": "=wrong"},
    "mfa_edit_webauthn": {"pk": "=1"},
    "mfa_remove_webauthn": {"pk": "=1"},
}


def all_names() -> dict[str, str]:
    """Full name -> first route, of every pattern of the resolver; unnamed ones by their route."""
    found: dict[str, str] = {}
    for name, route in _walk(get_resolver(), (), ""):
        found.setdefault(name, route)
    return found


def _walk(resolver, spaces: tuple[str, ...], before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or f"/{route}"]), route
        elif isinstance(pattern, URLResolver):
            more = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, spaces + more, route)


def address(name: str, whose: str, world) -> str:
    """The path of a name for an object of the world. Raises NoReverseMatch."""
    wanted = {
        keyword: what[1:] if what.startswith("=") else world.arguments[what, whose]
        for keyword, what in ARGUMENTS.get(name, {}).items()
    }
    return reverse(name, kwargs=wanted)


def without_arguments(names) -> dict[str, str]:
    """The names that have an address without any argument."""
    found = {}
    for name in names:
        try:
            found[name] = reverse(name)
        except NoReverseMatch:
            continue
    return found
