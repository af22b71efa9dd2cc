"""Input lines for tests."""

import json


def captured(number: int, at: str = "2026-03-02T09:00:00Z", **lead: object) -> dict[str, object]:
    """A line with a capture that nothing is wrong with."""
    details = {"email": f"person{number}@firm{number}.example", "country": "DE", "employees": 900}
    return {
        "topic": "leads.raw",
        "at": at,
        "value": {
            "type": "lead.captured",
            "sender": "web",
            "event_id": str(number),
            "occurred_at": at,
            "source": "demo_request",
            "lead": details | lead,
        },
    }


def text(*lines: object) -> bytes:
    """Lines as a file has them."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
