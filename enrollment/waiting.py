"""The waiting list: join, offer, accept, decline, pass on."""
