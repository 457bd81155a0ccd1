"""The root of every error that Candle raises on purpose."""


class CandleError(Exception):
    """Say in plain words what is wrong, where, and what to do about it.

    The commands print the message and exit with status 1; a person never sees a traceback for one of these.
    """
