"""A stateful stand-in for Stripe: the demo and the tests pay here, with Stripe's own client library."""

from .api import ApiError, StandIn
from .server import Server

__all__ = ["ApiError", "Server", "StandIn"]
