"""Stripe's API as far as the house uses it: Checkout sessions, payment intents, refunds, signed events.

Every request and answer is checked against the installed client library (`schema`), so unknown, missing and
ill-typed parameters are refused as Stripe refuses them. Events go out in threads, once, in no certain order.
`mode=payment` with one currency and no tax rates; everything else answers 501.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
import time
import urllib.parse
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

import requests
import stripe

from . import schema

Object = dict[str, Any]

ID_PREFIX = {
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "event": "evt_",
    "line_item": "li_",
    "payment_intent": "pi_",
    "refund": "re_",
}
SHORTEST_SESSION = 30 * 60
LONGEST_SESSION = 24 * 60 * 60
SMALLEST_TOTAL_SEK = 300


class ApiError(Exception):
    """An error answer in Stripe's shape."""

    def __init__(
        self, status: int, type_: str, message: str, *, code: str | None = None, param: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        error = {"type": type_, "message": message, "code": code, "param": param}
        self.body = {"error": {key: value for key, value in error.items() if value}}

    @property
    def body_text(self) -> str:
        return json.dumps(self.body)


class Answer(NamedTuple):
    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = ()


def refusal(message: str, param: str = "", code: str | None = None) -> ApiError:
    return ApiError(400, "invalid_request_error", message, code=code, param=param)


class StandIn:
    """The provider's memory and behaviour. Tests steer it: `pay`, `settle`, `advance`, `fail_next`.

    `webhook` gets the signed events; `state` is a file that keeps the memory over a restart; `deliver=False`
    records events without sending them; `delay` seconds are slept before each API answer.
    """

    def __init__(
        self,
        *,
        secret: str,
        webhook: str = "",
        state: Path | None = None,
        deliver: bool = True,
    ) -> None:
        self.webhook = webhook
        self.secret = secret
        self.state = state
        self.deliver = deliver
        self.objects: dict[str, Object] = {}
        self.details: dict[str, Object] = {}
        self.idempotent: dict[str, list] = {}
        self.requests: list[tuple[str, str, Object]] = []
        self.deliveries: list[tuple[str, str, int | str]] = []
        self.fail_next: list[ApiError] = []
        self.delay = 0.0
        self._clock_offset = self._epoch = 0
        self._lock = threading.RLock()
        session = "/v1/checkout/sessions/{session}"
        self._handlers: dict[tuple[str, str], Callable[..., Object]] = {
            ("POST", "/v1/checkout/sessions"): self._create_session,
            ("GET", session): lambda id_, _: self._get(id_, "checkout.session"),
            ("POST", session + "/expire"): self._expire_session,
            ("GET", "/v1/payment_intents/{intent}"): lambda id_, _: self._get(
                id_, "payment_intent"
            ),
            ("POST", "/v1/refunds"): self._create_refund,
            ("GET", "/v1/refunds/{refund}"): lambda id_, _: self._get(id_, "refund"),
        }
        if state and state.exists():
            saved = json.loads(state.read_text())
            self.objects, self.details = saved["objects"], saved["details"]
            self.idempotent = saved["idempotent"]

    def reset(self) -> None:
        """Forget everything and behave well again."""
        with self._lock:
            for memory in (self.objects, self.details, self.idempotent):
                memory.clear()
            for notes in (self.requests, self.deliveries, self.fail_next):
                notes.clear()
            self._clock_offset, self.delay, self.deliver = 0, 0.0, True
            self._epoch += 1

    def save(self) -> None:
        if self.state:
            with self._lock:
                saved = {
                    "objects": self.objects,
                    "details": self.details,
                    "idempotent": self.idempotent,
                }
                self.state.parent.mkdir(parents=True, exist_ok=True)
                fresh = self.state.with_suffix(".new")
                fresh.write_text(json.dumps(saved))
                fresh.replace(self.state)

    def now(self) -> int:
        return int(time.time()) + self._clock_offset

    def advance(self, seconds: int) -> None:
        """Move the clock; open sessions whose time has passed expire and send their event."""
        self._clock_offset += seconds
        self.expire_due()

    def expire_due(self) -> None:
        with self._lock:
            for obj in self.sessions():
                if obj["status"] == "open" and obj["expires_at"] <= self.now():
                    self._expire(obj)

    def sessions(self) -> list[Object]:
        """All Checkout sessions, oldest first."""
        return [obj for obj in list(self.objects.values()) if obj["object"] == "checkout.session"]

    def events(self, type_: str | None = None) -> list[Object]:
        return [
            obj
            for obj in list(self.objects.values())
            if obj["object"] == "event" and type_ in (None, obj["type"])
        ]

    # Requests

    def answer(self, verb: str, path: str, body: str, headers: Message) -> Answer:
        """One API request; `headers` as received, `Host` decides the hosted page's address."""
        epoch = self._epoch
        time.sleep(self.delay)
        if epoch != self._epoch:
            return Answer(503, "{}")
        self.expire_due()
        url = urllib.parse.urlsplit(path)
        pairs = urllib.parse.parse_qsl(
            body if verb == "POST" else url.query, keep_blank_values=True
        )
        key = headers.get("Idempotency-Key") if verb == "POST" else None
        fingerprint = json.dumps([url.path, sorted(pairs)])
        try:
            self._check_headers(headers)
            if self.fail_next:
                raise self.fail_next.pop(0)
            with self._lock:
                if key in self.idempotent:
                    return self._replay(key, fingerprint)
                result = self._call(verb, url.path, pairs, headers.get("Host", "localhost"))
                answer = Answer(200, json.dumps(result))
                if key:
                    self.idempotent[key] = [fingerprint, *answer[:2]]
                self.save()
                return answer
        except ApiError as error:
            answer = Answer(error.status, error.body_text)
            if key and error.status == 500:  # Stripe replays these as well
                self.idempotent[key] = [fingerprint, *answer[:2]]
            return answer

    @staticmethod
    def _check_headers(headers: Message) -> None:
        if not headers.get("Authorization", "").startswith("Bearer sk_test_"):
            raise ApiError(401, "invalid_request_error", "Invalid API Key provided")
        version = headers.get("Stripe-Version")
        if version != stripe.api_version:
            raise refusal(f"Unexpected Stripe-Version {version}")

    def _replay(self, key: str, fingerprint: str) -> Answer:
        first, status, body = self.idempotent[key]
        if fingerprint != first:
            raise ApiError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters they were"
                " first used with.",
            )
        return Answer(status, body, (("Idempotent-Replayed", "true"),))

    def _call(self, verb: str, path: str, pairs: list[tuple[str, str]], host: str) -> Object:
        try:
            template, params = schema.check_request(verb, path, pairs)
        except schema.SchemaError as error:
            code = "parameter_unknown" if "unknown" in str(error) else None
            raise refusal(str(error), error.param, code) from error
        self.requests.append((verb, path, params))
        handler = self._handlers.get((verb, template))
        if handler is None:
            raise ApiError(501, "api_error", f"the stand-in has no {verb} {template}")
        pattern = "^" + re.sub(r"\{\w+\}", "([^/]+)", template) + "$"
        match = re.match(pattern, path)
        self._host = host
        result = handler(*(match.groups() if match else ()), params)
        schema.check_response(result)
        return result

    # Objects and events

    def _add(self, kind: str, **values: Any) -> Object:
        fields = schema.response_fields(kind)
        common = {"created": self.now(), "livemode": False, "metadata": {}}
        obj = {
            "id": ID_PREFIX[kind] + secrets.token_hex(12),
            "object": kind,
            **{name: value for name, value in common.items() if name in fields},
            **values,
        }
        self.objects[obj["id"]] = obj
        return obj

    def _get(self, id_: str | None, kind: str) -> Object:
        obj = self.objects.get(id_ or "")
        if obj is None or obj["object"] != kind:
            raise ApiError(
                404, "invalid_request_error", f"No such {kind}: '{id_}'", code="resource_missing"
            )
        return obj

    def _emit(self, type_: str, obj: Object) -> Object:
        event = self._add(
            "event",
            type=type_,
            api_version=stripe.api_version,
            pending_webhooks=1,
            request={"id": None, "idempotency_key": None},
            data={"object": json.loads(json.dumps(obj))},
        )
        if self.deliver and self.webhook:
            threading.Thread(target=self.send, args=(event,), daemon=True).start()
        return event

    def signed(
        self, event: Object, *, at: int | None = None, secret: str | None = None
    ) -> tuple[bytes, str]:
        """The body and the `Stripe-Signature` header of a delivery."""
        body, at = json.dumps(event), at or int(time.time())
        signature = hmac.new(
            (secret or self.secret).encode(), f"{at}.{body}".encode(), hashlib.sha256
        ).hexdigest()
        return body.encode(), f"t={at},v1={signature}"

    def send(self, event: Object) -> int | str:
        """Deliver an event to the webhook; the HTTP status, or the connection error in words."""
        body, signature = self.signed(event)
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        result: int | str
        try:
            result = requests.post(self.webhook, body, headers=headers, timeout=20).status_code
        except requests.RequestException as error:
            result = str(error)
        self.deliveries.append((event["type"], event["id"], result))
        return result

    # Checkout sessions

    def _create_session(self, params: Object) -> Object:
        if params.get("mode") != "payment":
            raise refusal("the stand-in knows mode=payment", "mode")
        if not params.get("line_items"):
            raise refusal("Missing required param: line_items.", "line_items")
        if not params.get("success_url"):
            raise refusal("Missing required param: success_url.", "success_url")
        lines = [self._line(item, n) for n, item in enumerate(params["line_items"])]
        currencies = {line["currency"] for line in lines}
        if len(currencies) > 1:
            raise refusal("All line items must have the same currency.", "line_items")
        total = sum(line["amount_total"] for line in lines)
        if currencies == {"sek"} and total < SMALLEST_TOTAL_SEK:
            raise refusal(
                "The Checkout Session's total amount due must add up to at least 3.00 kr sek",
                code="amount_too_small",
            )
        session = self._add(
            "checkout.session",
            mode="payment",
            ui_mode="hosted_page",
            status="open",
            payment_status="unpaid",
            currency=currencies.pop(),
            amount_subtotal=total,
            amount_total=total,
            total_details={"amount_tax": 0, "amount_discount": 0, "amount_shipping": 0},
            expires_at=self._expiry(params),
            success_url=params["success_url"],
            cancel_url=params.get("cancel_url"),
            client_reference_id=params.get("client_reference_id"),
            customer_email=params.get("customer_email"),
            customer_details=None,
            locale=params.get("locale"),
            metadata=params.get("metadata") or {},
            payment_intent=None,
            payment_method_types=["card", "swish", "klarna"],
        )
        session["url"] = f"http://{self._host}/c/pay/{session['id']}"
        self.details[session["id"]] = {
            "lines": lines,
            "intent_metadata": (params.get("payment_intent_data") or {}).get("metadata") or {},
        }
        return session

    def _expiry(self, params: Object) -> int:
        expires_at = params.get("expires_at", self.now() + LONGEST_SESSION)
        message = "The `expires_at` timestamp must be {} from Checkout Session creation."
        if expires_at < self.now() + SHORTEST_SESSION:
            raise refusal(message.format("at least 30 minutes"), "expires_at")
        if expires_at > self.now() + LONGEST_SESSION:
            raise refusal(message.format("less than 24 hours"), "expires_at")
        return expires_at

    @staticmethod
    def _line(item: Object, position: int) -> Object:
        price = item.get("price_data")
        if not price or price.get("unit_amount") is None or item.get("tax_rates"):
            raise refusal("the stand-in needs price_data, unit_amount, no tax_rates", "line_items")
        if "quantity" not in item:
            name = f"line_items[{position}][quantity]"
            raise refusal(f"Missing required param: {name}.", name)
        product = price.get("product_data") or {}
        return {
            "name": product.get("name", ""),
            "description": product.get("description", ""),
            "quantity": item["quantity"],
            "currency": price["currency"],
            "amount_total": price["unit_amount"] * item["quantity"],
        }

    def _expire_session(self, session_id: str, _params: Object) -> Object:
        session = self._get(session_id, "checkout.session")
        if session["status"] != "open":
            raise refusal(
                'Only Checkout Sessions with a status in ["open"] can be expired.'
                f" This Checkout Session has a status of {session['status']}."
            )
        return self._expire(session)

    def _expire(self, session: Object) -> Object:
        session.update(status="expired", url=None)
        self._emit("checkout.session.expired", session)
        self.save()
        return session

    # What a buyer, a bank and the clock do

    def pay(self, session_id: str, how: str = "card") -> Object:
        """`how`: "card" (paid at once), "delayed" (paid after `settle`), "decline"."""
        with self._lock:
            session = self._get(session_id, "checkout.session")
            if session["status"] != "open":
                raise refusal("session is " + session["status"])
            intent = self._intent_of(session)
            if how == "decline":
                intent["last_payment_error"] = {"type": "card_error", "code": "card_declined"}
                self._emit("payment_intent.payment_failed", intent)
            else:
                session.update(status="complete", url=None)
                if how == "delayed":
                    intent["status"] = "processing"
                else:
                    self._succeed(intent)
                    session["payment_status"] = "paid"
                self._emit("checkout.session.completed", session)
            self.save()
            return session

    def settle(self, session_id: str, ok: bool = True) -> None:
        """The bank of a delayed method answers, days later."""
        with self._lock:
            session = self._get(session_id, "checkout.session")
            intent = self._get(session["payment_intent"], "payment_intent")
            if intent["status"] != "processing":
                raise refusal("intent is " + intent["status"])
            if ok:
                self._succeed(intent)
                session["payment_status"] = "paid"
                self._emit("checkout.session.async_payment_succeeded", session)
            else:
                intent["status"] = "requires_payment_method"
                self._emit("checkout.session.async_payment_failed", session)
            self.save()

    def _intent_of(self, session: Object) -> Object:
        if session["payment_intent"]:
            return self._get(session["payment_intent"], "payment_intent")
        intent = self._add(
            "payment_intent",
            amount=session["amount_total"],
            amount_received=0,
            currency=session["currency"],
            status="requires_payment_method",
            metadata=self.details[session["id"]]["intent_metadata"],
            latest_charge=None,
        )
        session["payment_intent"] = intent["id"]
        return intent

    def _succeed(self, intent: Object) -> None:
        charge = self._add(
            "charge",
            amount=intent["amount"],
            amount_refunded=0,
            currency=intent["currency"],
            paid=True,
            refunded=False,
            status="succeeded",
            payment_intent=intent["id"],
        )
        intent.update(
            status="succeeded", amount_received=intent["amount"], latest_charge=charge["id"]
        )
        self._emit("payment_intent.succeeded", intent)

    # Refunds

    def _create_refund(self, params: Object) -> Object:
        intent = self._get(params.get("payment_intent"), "payment_intent")
        if not intent["latest_charge"]:
            raise refusal(
                "This PaymentIntent does not have a successful charge to refund.", "payment_intent"
            )
        charge = self._get(intent["latest_charge"], "charge")
        left = charge["amount"] - charge["amount_refunded"]
        amount = params.get("amount", left)
        if left == 0:
            raise refusal(
                f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
            )
        if not 0 < amount <= left:
            raise refusal(
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                "amount",
            )
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        refund = self._add(
            "refund",
            amount=amount,
            currency=charge["currency"],
            charge=charge["id"],
            payment_intent=intent["id"],
            status="succeeded",
            metadata=params.get("metadata") or {},
        )
        self._emit("refund.created", refund)
        self._emit("charge.refunded", charge)
        return refund
