"""Checks requests and answers against the installed stripe-python.

stripe-python is generated from Stripe's API description: every service method names its verb, its path and a
TypedDict of its parameters, and every resource class annotates its fields. The installed package is therefore
an offline copy of the description for exactly the version that the project pins.

    template, params = check_request("POST", "/v1/refunds", [("payment_intent", "pi_1")])
    check_response({"object": "refund", "id": "re_1", ...})      # raises on unknown fields

Stricter than the SDK in one point: the SDK writes open enums as `Literal["a", "b"] | str`; here only the
listed values pass. Rules across several fields are not checked here but in `api.py`.
"""

from __future__ import annotations

import ast
import functools
import importlib
import pathlib
import re
import types
import typing
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, NotRequired, Required

import stripe
from stripe._object_classes import get_object_class
from typing_extensions import is_typeddict

SDK_FOLDER = pathlib.Path(stripe.__file__).parent

# Members of the SDK's RequestOptions; some TypedDicts inherit them, the API does not know them.
REQUEST_OPTIONS = frozenset(
    {
        "api_key",
        "content_type",
        "headers",
        "idempotency_key",
        "max_network_retries",
        "stripe_account",
        "stripe_context",
        "stripe_version",
    }
)


class SchemaError(Exception):
    """The request does not fit the API description; `param` names the parameter as Stripe does."""

    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


class Route(NamedTuple):
    verb: str
    pattern: re.Pattern[str]
    template: str  # "/v1/refunds/{refund}"
    params_module: str | None
    params_class: str | None  # None: the method takes no parameters


@functools.cache
def routes() -> tuple[Route, ...]:
    """Every v1 route that a service method of the SDK calls (about 560, read once in 1.5 s)."""
    found: list[Route] = []
    for source_file in SDK_FOLDER.rglob("_*_service.py"):
        source = source_file.read_text(encoding="utf-8")
        if '"/v1/' in source:
            found.extend(_routes_in(ast.parse(source)))
    # Fixed paths before paths with placeholders: /v1/invoices/upcoming before /v1/invoices/{id}.
    found.sort(key=lambda route: route.template.count("{"))
    return tuple(found)


def _routes_in(tree: ast.Module) -> Iterable[Route]:
    module_of = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        params_class = _params_class(function)
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "_request":
                continue
            if len(call.args) < 2:
                continue
            verb, template = _constant_text(call.args[0]), _path_template(call)
            if verb is None or template is None:
                continue
            yield Route(
                verb=verb.upper(),
                pattern=re.compile("^" + re.sub(r"\{\w+\}", "([^/]+)", template) + "$"),
                template=template,
                params_module=module_of.get(params_class) if params_class else None,
                params_class=params_class,
            )


def _params_class(function: ast.FunctionDef) -> str | None:
    """Name of the TypedDict that the method's `params` argument is annotated with."""
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            match = re.search(r"(\w+Params)\b", ast.unparse(argument.annotation))
            return match.group(1) if match else None
    return None


def _path_template(call: ast.Call) -> str | None:
    """The path of a `self._request("post", "/v1/x/{id}/y".format(...), ...)` call."""
    path = call.args[1]
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
        path = path.func.value  # "...".format(...)
    return _constant_text(path)


def _constant_text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def match_route(verb: str, path: str) -> Route | None:
    for route in routes():
        if route.verb == verb and route.pattern.match(path):
            return route
    return None


def decode_form(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Stripe's form encoding `a[b][0][c]=v` -> {"a": {"b": [{"c": "v"}]}}."""
    root: dict[str, Any] = {}
    for key, value in pairs:
        parts = re.findall(r"[^\[\]]+", key)
        if key.endswith("[]"):
            parts.append("")
        node = root
        for part in parts[:-1]:
            node = node.setdefault(part, {})
        node[parts[-1]] = value
    return {key: _numbered_dicts_to_lists(value) for key, value in root.items()}


def _numbered_dicts_to_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    children = {key: _numbered_dicts_to_lists(value) for key, value in node.items()}
    if children and all(key.isdigit() or key == "" for key in children):
        return [children[key] for key in sorted(children, key=lambda key: int(key or 0))]
    return children


def check_request(
    verb: str, path: str, pairs: Iterable[tuple[str, str]]
) -> tuple[str, dict[str, Any]]:
    """Return (path template, typed parameters); raise SchemaError when the API would refuse."""
    route = match_route(verb, path)
    if route is None:
        raise SchemaError(f"Unrecognized request URL ({verb}: {path})", "")
    data = decode_form(pairs)
    if route.params_class is None or route.params_module is None:
        if data:
            unknown = next(iter(data))
            raise SchemaError(f"Received unknown parameter: {unknown}", unknown)
        return route.template, {}
    params_class = getattr(importlib.import_module(route.params_module), route.params_class)
    return route.template, check_object(data, params_class)


def check_object(data: Any, typed_dict: type, where: str = "") -> dict[str, Any]:
    """Check `data` against one of the SDK's TypedDicts and convert its values."""
    if not isinstance(data, dict):
        raise SchemaError(f"Invalid object at {where}", where)
    allowed = _annotations(typed_dict)
    module = importlib.import_module(typed_dict.__module__)
    result = {}
    for key, value in data.items():
        name = f"{where}[{key}]" if where else key
        if key not in allowed:
            raise SchemaError(f"Received unknown parameter: {name}", name)
        result[key] = _convert(value, allowed[key], name, module)
    for key, annotation in allowed.items():
        if typing.get_origin(annotation) is not NotRequired and key not in data:
            name = f"{where}[{key}]" if where else key
            raise SchemaError(f"Missing required param: {name}.", name)
    return result


@functools.cache
def _annotations(typed_dict: type) -> dict[str, Any]:
    """The parameters of a TypedDict and of the TypedDicts it inherits from."""
    module = importlib.import_module(typed_dict.__module__)
    found: dict[str, Any] = {}
    for base in reversed([typed_dict, *getattr(typed_dict, "__orig_bases__", ())]):
        if is_typeddict(base) and base.__name__ != "RequestOptions":
            found.update(base.__annotations__)
    return {
        name: _evaluate(annotation, module)
        for name, annotation in found.items()
        if name not in REQUEST_OPTIONS
    }


def _evaluate(annotation: Any, module: types.ModuleType) -> Any:
    """Resolve a string annotation in its module.

    `typing.get_type_hints` does not do here: the SDK imports some names for type checkers only.
    The text comes from the installed SDK, never from a request.
    """
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if not isinstance(annotation, str):
        return annotation
    names = {**vars(typing), "NotRequired": NotRequired, "Literal": Literal, **vars(module)}
    return eval(annotation, names)  # noqa: S307 - the text comes from the installed library


def _convert(value: Any, annotation: Any, where: str, module: types.ModuleType) -> Any:
    """Convert a form value (text, list or dict) to the annotated type or raise SchemaError."""
    annotation = _evaluate(annotation, module)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)

    if origin in (NotRequired, Required):
        return _convert(value, arguments[0], where, module)
    if origin in (typing.Union, types.UnionType):
        return _convert_union(value, arguments, where, module)
    if origin is Literal:
        if value in arguments:
            return value
        choices = ", ".join(map(str, arguments[:12]))
        raise SchemaError(f"Invalid {where}: must be one of {choices}", where)
    if is_typeddict(annotation):
        return check_object(value, annotation, where)
    if origin is list:
        if not isinstance(value, list):
            raise SchemaError(f"Invalid array at {where}", where)
        return [
            _convert(item, arguments[0], f"{where}[{position}]", module)
            for position, item in enumerate(value)
        ]
    if origin is dict:
        if not isinstance(value, dict):
            raise SchemaError(f"Invalid object at {where}", where)
        return {
            key: _convert(item, arguments[1], f"{where}[{key}]", module)
            for key, item in value.items()
        }
    return _convert_scalar(value, annotation, where)


def _convert_union(
    value: Any, alternatives: tuple[Any, ...], where: str, module: types.ModuleType
) -> Any:
    has_literal = any(typing.get_origin(alternative) is Literal for alternative in alternatives)
    if has_literal and str in alternatives:  # open enum of the SDK: take the listed values only
        alternatives = tuple(a for a in alternatives if a is not str)
    errors = []
    for alternative in alternatives:
        try:
            return _convert(value, alternative, where, module)
        except SchemaError as error:
            errors.append(error)
    raise max(errors, key=lambda error: error.param.count("["))  # the most precise message


def _convert_scalar(value: Any, annotation: Any, where: str) -> Any:
    if not isinstance(value, str) and annotation in (str, int, bool, float):
        raise SchemaError(f"Invalid {where}: expected a scalar", where)
    if annotation is str:
        return value
    if annotation is int:
        if re.fullmatch(r"-?\d+", value):
            return int(value)
        raise SchemaError(f"Invalid integer: {value}", where)
    if annotation is bool:
        if value in ("true", "false"):
            return value == "true"
        raise SchemaError(f"Invalid boolean: {value}", where)
    if annotation is float or getattr(annotation, "__name__", "") == "Decimal":
        try:
            return float(value)
        except (TypeError, ValueError):
            raise SchemaError(f"Invalid decimal: {value}", where) from None
    raise SchemaError(f"Invalid value at {where}", where)


@functools.cache
def response_fields(object_name: str) -> frozenset[str]:
    """Fields that the SDK's resource class for this `object` value declares."""
    resource = get_object_class("V1", object_name)
    return frozenset(
        field
        for base in resource.__mro__
        if base.__module__.startswith("stripe.")
        for field in getattr(base, "__annotations__", {})
        if not field.startswith("_")
    )


def check_response(body: dict[str, Any]) -> None:
    """Raise AssertionError when a stand-in answers with a field that the API does not have."""
    unknown = set(body) - response_fields(body["object"]) - {"object"}
    if unknown:
        raise AssertionError(f"{body['object']}: fields the API does not have: {sorted(unknown)}")
