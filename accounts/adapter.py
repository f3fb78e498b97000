"""The seams of django-allauth that we use."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in mails go through the outbox like every other mail."""
