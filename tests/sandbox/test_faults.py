"""How faults and rate limits are written down."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.sandbox.faults import Fault, Faults, Kind, make_faults, parse_fault
from tenantctl.sandbox.rate_limits import Buckets, LimitReachedError, limits_of

FAULTS = {
    "503": Fault("503", Kind.STATUS, status=503),
    "429:/oauth/token": Fault("429:/oauth/token", Kind.STATUS, status=429, path="/oauth/token"),
    "500-after:POST:nth=2": Fault(
        "500-after:POST:nth=2", Kind.STATUS, after=True, status=500, method="POST", first=2, last=2
    ),
    "503:rate=0.1": Fault("503:rate=0.1", Kind.STATUS, status=503, rate=0.1),
    "latency=200ms": Fault("latency=200ms", Kind.LATENCY, seconds=0.2),
    "latency=1.5s:GET": Fault("latency=1.5s:GET", Kind.LATENCY, seconds=1.5, method="GET"),
    "reset:nth=1-3": Fault("reset:nth=1-3", Kind.RESET, first=1, last=3),
    "reset-after:POST /clients:nth=3": Fault(
        "reset-after:POST /clients:nth=3",
        Kind.RESET,
        after=True,
        method="POST",
        path="/clients",
        first=3,
        last=3,
    ),
    "cut:GET /api/v2/roles/*": Fault(
        "cut:GET /api/v2/roles/*", Kind.CUT, after=True, method="GET", path="/roles/*"
    ),
    "hang:POST": Fault("hang:POST", Kind.HANG, method="POST"),
    "hang-after:nth=2": Fault("hang-after:nth=2", Kind.HANG, after=True, first=2, last=2),
    "truncate:rate=1": Fault("truncate:rate=1", Kind.TRUNCATE, after=True),
    "stale=3": Fault("stale=3", Kind.STALE, reads=3),
    "stale=500ms:nth=1:PATCH": Fault(
        "stale=500ms:nth=1:PATCH", Kind.STALE, seconds=0.5, method="PATCH", first=1, last=1
    ),
}


@pytest.mark.parametrize("spec", FAULTS)
def test_a_fault_is_read_and_written(spec: str) -> None:
    assert parse_fault(spec) == FAULTS[spec]
    assert make_faults({"faults": [spec]}).as_json()["faults"] == [spec]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "unknown kind ''"),
        ("rest", "Did you mean 'reset'?"),
        ("404", "unknown kind"),
        ("599", "unknown kind"),
        ("503=1", "takes no value"),
        ("429-after", "unknown kind"),
        ("latency", "no time"),
        ("latency=5", "no time"),
        ("latency=-5ms", "no time"),
        ("stale=0", "no time"),
        ("reset=1", "takes no value"),
        ("hang=1s", "takes no value"),
        ("503:rate=2", "no rate"),
        ("503:rate=nan", "no rate"),
        ("503:rate=", "no rate"),
        ("503:nth=0", "no number"),
        ("503:nth=3-2", "no number"),
        ("503:nth=x", "no number"),
        ("503:FETCH /clients", "unknown method 'FETCH'"),
        ("503:clients", "neither a method and path nor"),
        ("503:", "neither a method and path nor"),
        ("503:every=2", "neither a method and path nor"),
        ("503:rate=0.1:nth=1", "too many"),
        ("503:GET:POST", "too many"),
        ("503:nth=1:nth=2", "too many"),
    ],
)
def test_a_fault_that_is_none_says_so_once(spec: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"Bad fault .* Expected KIND") as raised:
        parse_fault(spec)

    assert repr(spec) in str(raised.value)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (None, "object"),
        ([], "object"),
        ({"nope": 1}, "Unknown member: nope"),
        ({"faults": "503"}, "faults must be"),
        ({"faults": [503]}, "faults must be"),
        ({"faults": ["x"]}, "Bad fault 'x'"),
        ({"rate_limit": "gold"}, "Unknown rate limit 'gold'"),
        ({"rate_limit": 0}, "Unknown rate limit '0'"),
        ({"rate_limit": True}, "rate_limit must be"),
        ({"rate_limit": 1.5}, "rate_limit must be"),
        ({"seed": "1"}, "seed must be"),
        ({"seed": True}, "seed must be"),
        ({"stale_jwks": 1}, "stale_jwks must be"),
    ],
)
def test_faults_that_are_none(wanted: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make_faults(wanted)


def test_faults_come_back_as_they_were_given() -> None:
    given = {"faults": ["503:nth=1"], "rate_limit": "5", "seed": 7, "stale_jwks": True}

    assert make_faults(given).as_json() == given
    assert make_faults({}) == Faults()


class Clock:
    now = 1000.5

    def __call__(self) -> float:
        return self.now


def left(buckets: Buckets, method: str, path: str) -> str:
    return buckets.take(method, path)["x-ratelimit-remaining"]


def test_a_bucket_empties_and_refills() -> None:
    clock = Clock()
    buckets = Buckets(limits_of("2"), clock)

    assert buckets.take("GET", "/clients") == {
        "x-ratelimit-limit": "2",
        "x-ratelimit-remaining": "1",
        "x-ratelimit-reset": "1001",
    }
    assert left(buckets, "POST", "/roles") == "0"
    with pytest.raises(LimitReachedError, match="Global limit has been reached") as raised:
        buckets.take("GET", "/clients")
    assert raised.value.headers["x-ratelimit-remaining"] == "0"
    assert left(buckets, "POST", "/oauth/token") == "1"

    clock.now = float(raised.value.headers["x-ratelimit-reset"])
    assert left(buckets, "GET", "/clients") == "0"
    clock.now += 3600
    assert left(buckets, "GET", "/clients") == "1"


def test_the_free_plan_has_two_a_second_and_bursts_of_ten() -> None:
    clock = Clock()
    buckets = Buckets(limits_of("free"), clock)

    for _ in range(10):
        buckets.take("GET", "/clients")
    with pytest.raises(LimitReachedError):
        buckets.take("GET", "/clients")
    clock.now += 1
    assert [left(buckets, "GET", "/roles") for _ in range(2)] == ["1", "0"]


def test_a_paid_plan_has_buckets_for_endpoints() -> None:
    clock = Clock()
    buckets = Buckets(limits_of("paid"), clock)

    for _ in range(5):
        buckets.take("GET", "/connections/con_1/clients")
    with pytest.raises(LimitReachedError, match="Global per minute connections_read group limit"):
        buckets.take("GET", "/connections")
    assert left(buckets, "PATCH", "/connections/con_1") == "44"
    clock.now += 60
    assert left(buckets, "GET", "/connections") == "4"


def test_a_plan_without_limits_says_nothing() -> None:
    assert Buckets(limits_of("none")).take("GET", "/clients") == {}
