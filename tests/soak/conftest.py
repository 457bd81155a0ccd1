"""The soak's own fixtures: those of the receiver's tests."""

from tests.receiver.conftest import clock, make_app, unlimited

__all__ = ["clock", "make_app", "unlimited"]
