"""Health is a durable write that succeeded, proved at most every two seconds."""

from campaign.storage.database import NotStored
from receiver.state.health import Health


class Counting:
    """A database that counts its writes and can fail."""

    def __init__(self, real):
        self.real, self.writes, self.broken = real, 0, False

    def write(self, work, **options):
        self.writes += 1
        if self.broken:
            raise NotStored("the disk is full")
        return self.real.write(work, **options)


def test_it_proves_a_write_at_most_every_two_seconds(database, clock):
    counting = Counting(database)
    health = Health(counting, clock)
    assert [health.is_good() for _ in range(20)] == [True] * 20
    assert counting.writes == 1
    clock.advance(2)
    assert health.is_good()
    assert counting.writes == 2


def test_it_fails_and_recovers_with_the_disk(database, clock):
    counting = Counting(database)
    health = Health(counting, clock)
    assert health.is_good()
    counting.broken = True
    clock.advance(2)
    assert not health.is_good()
    counting.broken = False
    clock.advance(2)
    assert health.is_good()


def test_the_route_answers_200_or_503(app, monkeypatch):
    client = app.test_client()
    assert client.get("/health").status_code == 200
    monkeypatch.setattr(app.extensions["candle"].health, "is_good", lambda: False)
    assert client.get("/health").status_code == 503
