"""The pages of the stand-in: what a buyer sees instead of Stripe's page, and the bank's desk."""

import urllib.parse
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from .api import Answer, ApiError, Object, StandIn

HTML = "text/html; charset=utf-8"
SHEETS = ("tokens", "base", "layout", "components", "utilities")
LANGUAGES = ("sv", "en")


def answer(
    stand_in: StandIn, verb: str, path: str, query: dict[str, str], form: dict[str, str]
) -> tuple[Answer, str]:
    """The answer and its content type for every path outside the API."""
    if path == "/look.css":
        return Answer(200, _stylesheet()), "text/css; charset=utf-8"
    if path == "/":
        return _page(stand_in, None, query, 200), HTML
    session = stand_in.objects.get(path.rpartition("/")[2])
    if not path.startswith("/c/pay/") or session is None or session["object"] != "checkout.session":
        return _page(stand_in, None, query, 404), HTML
    if verb == "POST":
        return _act(stand_in, session, form.get("how", ""), query), HTML
    return _page(stand_in, session, query, 200), HTML


def _act(stand_in: StandIn, session: Object, how: str, query: dict[str, str]) -> Answer:
    back = session["cancel_url"] or session["success_url"]
    done = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    try:
        if how == "back":
            return Answer(303, "", (("Location", back),))
        if how in ("accept", "refuse"):
            stand_in.settle(session["id"], ok=how == "accept")
            return Answer(303, "", (("Location", done),))
        if how in ("card", "delayed", "decline"):
            stand_in.pay(session["id"], how)
            if how != "decline":
                return Answer(303, "", (("Location", done),))
            return _page(stand_in, session, query, 200, declined=True)
    except ApiError:  # a second click, or the session's time is up: the page says how it stands
        pass
    return _page(stand_in, session, query, 409)


def _page(
    stand_in: StandIn,
    session: Object | None,
    query: dict[str, str],
    status: int,
    declined: bool = False,
) -> Answer:
    language = query.get("lang") or (session or {}).get("locale")
    if language not in LANGUAGES:
        language = "sv"
    intent = stand_in.objects.get((session or {}).get("payment_intent") or "", {})
    context = {
        "language": language,
        "session": session,
        "waiting": intent.get("status") == "processing",
        "declined": declined,
        "missing": status == 404,
    }
    if session:
        context["amount"] = session["amount_total"]
        context["lines"] = stand_in.details[session["id"]]["lines"]
    else:
        context["sessions"] = [] if status == 404 else stand_in.sessions()[:-21:-1]
    with translation.override(language):
        html = render_to_string("stand_in/page.html", context)
    return Answer(status, html, (("Content-Security-Policy", _policy(session)),))


def _policy(session: Object | None) -> str:
    """Nothing from outside; forms may end where the shop wants its buyer back."""
    targets = {"'self'"}
    for address in ((session or {}).get("success_url"), (session or {}).get("cancel_url")):
        if address:
            parts = urllib.parse.urlsplit(address)
            targets.add(f"{parts.scheme}://{parts.netloc}")
    return (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action {' '.join(sorted(targets))}"
    )


def _stylesheet() -> str:
    """The site's own look, from its own files: the stand-in has another origin."""
    found = [finders.find(f"css/{name}.css") for name in SHEETS]
    return "\n".join(Path(path).read_text(encoding="utf-8") for path in found if path)
