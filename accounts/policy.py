"""Who may do what, and who sees what. Default deny.

Each room registers its own lines in its `rules.py`; this module knows no model but the actor. A rule is a
small predicate; a view names one with `@guard`. Objects are fetched through `visible()` only, so that a
foreign object is a 404 and its existence is not told.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

Predicate = Callable[..., bool]

_rules: dict[str, Predicate] = {}
_visible: dict[type[Model], Callable[[Any], QuerySet]] = {}
_foreign_views: dict[str, str] = {}


class UnknownRule(LookupError):
    """A view, template or function asks for an action that no room has registered."""


def rule(action: str) -> Callable[[Predicate], Predicate]:
    """Register `predicate(actor)` or `predicate(actor, obj)` as the answer for an action."""

    def register(predicate: Predicate) -> Predicate:
        if action in _rules:
            raise ValueError(f"two rules for {action}")
        _rules[action] = predicate
        return predicate

    return register


def visibility(model: type[Model]) -> Callable[[Callable[[Any], QuerySet]], Callable]:
    """Register the queryset of the rows of a model that an actor may see."""

    def register(function: Callable[[Any], QuerySet]) -> Callable[[Any], QuerySet]:
        if model in _visible:
            raise ValueError(f"two visibilities for {model._meta.label}")
        _visible[model] = function
        return function

    return register


def can(actor: Any, action: str, obj: Any = None) -> bool:
    """Whether the actor may do this. Raises UnknownRule for an action nobody registered."""
    try:
        predicate = _rules[action]
    except KeyError:
        raise UnknownRule(action) from None
    return bool(predicate(actor) if obj is None else predicate(actor, obj))


def visible(actor: Any, model: type[Model]) -> QuerySet:
    """The rows of a model that the actor may see. Raises UnknownRule for an unregistered model."""
    try:
        return _visible[model](actor)
    except KeyError:
        raise UnknownRule(model._meta.label) from None


def guard(action: str) -> Callable[[Callable], Callable]:
    """Declare a view's policy line. Refusal: visitors go to sign-in, others get 403.

    The view itself still fetches what it shows through `visible()`.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not can(request.user, action):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                raise PermissionDenied(action)
            return view(request, *args, **kwargs)

        # Read by `action_of`; a function's type has no attributes of ours.
        guarded.policy_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def declare_foreign_views(lines: dict[str, str]) -> None:
    """Name the policy line of views that are not ours, by the name that Django resolves.

    A key is a full name (`"wagtail_serve"`), a beginning with a star (`"mfa_*"`, `"wagtailimages:*"`), or a
    beginning of the route with a slash in front (`"/admin/"`). The longest key that fits decides.
    """
    _foreign_views.update(lines)


def action_of(view: Callable, *, view_name: str, route: str) -> str | None:
    """The declared action of a view, or None: then the request is refused."""
    own = getattr(view, "policy_action", None)
    if own:
        return own
    if view_name in _foreign_views:
        return _foreign_views[view_name]
    fitting = [
        key
        for key in _foreign_views
        if (key.endswith("*") and view_name.startswith(key[:-1]))
        or (key.startswith("/") and f"/{route}".startswith(key))
    ]
    return _foreign_views[max(fitting, key=len)] if fitting else None


def registered_actions() -> frozenset[str]:
    return frozenset(_rules)
