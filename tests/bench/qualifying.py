"""What an admitted lead costs through intake, identify and qualify, codec included.

Run by hand: `python -m tests.bench.qualifying [LEADS]`. Prints microseconds of CPU per lead and
stage, and the functions that cost most.
"""

import cProfile
import gc
import json
import pstats
import sys
import time
from collections.abc import Callable
from typing import Any

from agents.ledger.tables import Journal, open_tables
from schemas.codec import Codec
from schemas.record import Event
from streams.policy.compiled import Policy
from streams.stage import Raw, Stage
from streams.steps.identify import identify_stage
from streams.steps.intake import intake_stage
from streams.steps.qualify import qualify_stage
from tests.streams.policies import policy

NOW = 1_772_442_000_000
COMPANIES = 500
BATCH = 25
"""So many events are committed together: a worker packs their rows then."""


def capture(number: int, companies: int = COMPANIES) -> bytes:
    """A complete demo request; people come from so many companies in turn."""
    company = number % companies
    lead = {
        "email": f"person{number}@company{company}.com",
        "phone": f"+1 202 555 {number % 10_000:04d}",
        "first_name": "Jane",
        "last_name": f"Doe{number}",
        "company": f"Company {company}, Inc.",
        "title": "Head of Operations",
        "country": "United States",
        "state": "California",
        "message": "Please show us how your product would work for a team of forty people.",
    }
    event = {
        "type": "lead.captured",
        "sender": "bench",
        "event_id": f"capture-{number}",
        "occurred_at": "2026-03-02T09:00:00Z",
        "source": "demo_request",
        "lead": lead,
    }
    return json.dumps(event).encode()


def timed(name: str, leads: int, work: Callable[[], list[Any]]) -> list[Any]:
    """Runs and prints one part."""
    begin = time.process_time()
    result = work()
    micros = (time.process_time() - begin) / leads * 1e6
    print(f"{name:<34}{micros:8.1f} us/lead {1e6 / micros:10.0f} leads/s")
    return result


def passed(stage: Stage, events: list[Any], rules: Policy) -> list[Event]:
    """The stage's outgoing events."""
    journal = Journal()
    tables = open_tables(stage.tables, journal)
    sent: list[Event] = []
    for number, event in enumerate(events):
        step = stage.raw if isinstance(event, Raw) else stage.steps[type(event)]
        assert step is not None
        sent += [out.event for out in step(tables, event, rules, NOW + number)]
        if number % BATCH == 0:
            journal.commit()
    return sent


def coded(codec: Codec, events: list[Event], topic: str) -> list[Event]:
    """What the next stage reads of them."""
    return [codec.decode(codec.encode(event, topic)) for event in events]


def run(leads: int) -> None:
    """All three stages once."""
    codec, rules = Codec(), policy()
    raw = [Raw("leads.raw", 0, n, None, capture(n)) for n in range(leads)]
    received = timed("intake", leads, lambda: passed(intake_stage(codec), raw, rules))
    inbox = timed("codec identity.inbox", leads, lambda: coded(codec, received, "identity.inbox"))
    found = timed("identify", leads, lambda: passed(identify_stage(b"s"), inbox, rules))
    inbox = timed("codec accounts.inbox", leads, lambda: coded(codec, found, "accounts.inbox"))
    told = timed("qualify", leads, lambda: passed(qualify_stage(), inbox, rules))
    timed("encode outputs", leads, lambda: [codec.encode(event, "leads.scored") for event in told])


def main() -> None:
    """Measures, then profiles a second run."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    gc.set_threshold(100_000, 20, 100)
    run(200)
    print()
    run(leads)
    profile = cProfile.Profile()
    profile.runcall(run, min(leads, 2000))
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
