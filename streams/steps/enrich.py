"""Enrich, the pure part: a provider's answer as an input event, a failure as the next attempt."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from schemas.crm import AccountChanged, AccountDetails
from schemas.inner import EnrichmentRequested
from streams.policy.compiled import Policy
from streams.rules import country
from streams.stage import Outgoing, Stage, event_id
from streams.tables import StageTables, count

SENDER = "enrich"
"""The sender that qualify lets only fill gaps."""
ANSWERS, REQUESTS = "crm.events", "enrichment.requests"


class Failed:
    """What stands for an answer where the provider gave none: it is asked again."""


FAILED: Final = Failed()
Answer = Mapping[str, Any] | Failed | None
"""What a provider knows; None: it does not know the company."""
AnswerOf = Callable[[EnrichmentRequested], Answer]
"""The answer to a request, asked for before the batch is decided: a step asks nobody."""


def nothing_known(request: EnrichmentRequested) -> Answer:
    """The answer where there is no provider."""
    del request
    return None


def enrich_stage(answer_of: AnswerOf = nothing_known) -> Stage:
    """The agent that asks providers; decides nothing, so it needs no policy."""
    return Stage(
        name="enrich",
        sources=(REQUESTS,),
        tables=StageTables,
        steps={EnrichmentRequested: partial(requested, answer_of)},
        needs_policy=False,
        writes=(ANSWERS, REQUESTS, "leads.rejected"),
        unhurried=(REQUESTS,),
    )


def requested(
    answer_of: AnswerOf,
    tables: StageTables,
    request: EnrichmentRequested,
    policy: Policy | None,
    now: int,
) -> Iterator[Outgoing]:
    """The answer as an account's news, or the request once more, or nothing; each is counted."""
    del policy
    answer = answer_of(request)
    if isinstance(answer, Failed):
        again = next_attempt(request)
        count(tables, "failed" if again is None else "asked_again")
        if again is not None:
            yield Outgoing(REQUESTS, request.home, again)
        return
    news = None if answer is None else answered(request, answer, now)
    count(tables, "unknown" if news is None else "answered")
    if news is not None:
        yield Outgoing(ANSWERS, request.home, news)


_EMPLOYEES_MOST = 100_000_000


def answered(
    request: EnrichmentRequested, answer: Mapping[str, Any], now: int
) -> AccountChanged | None:
    """What a provider knows of the missing fields, as `crm.events` takes it; None for nothing.

    `answer` may hold `name`, `employees`, `industry`, `country`; other keys and values of the
    wrong kind are not used. The event's id follows from the request's, so that an answer sent
    twice is a repeat. A company that no CRM has named is `enriched:<domain>`; identify gives it
    the home of its domain, and a CRM that names that domain later finds the same home.
    """
    found = _usable(answer, request.missing)
    account_id = _account_id(request)
    if not found or account_id is None:
        return None
    name = answer.get("name")
    account = AccountDetails(
        account_id=account_id,
        domains=(request.domain,) if request.domain else (),
        name=name if isinstance(name, str) and name.strip() else request.company,
        **found,
    )
    return AccountChanged(
        sender=SENDER,
        event_id=event_id(request.event_id, "enriched"),
        occurred_at=now,
        account=account,
    )


def next_attempt(request: EnrichmentRequested) -> EnrichmentRequested | None:
    """The request once more after the provider failed; None when all attempts are used up."""
    if request.attempt >= request.attempts:
        return None
    again = {
        "event_id": event_id(request.event_id, "attempt", request.attempt + 1),
        "caused_by": request.event_id,
        "attempt": request.attempt + 1,
    }
    return request.model_copy(update=again)


def _account_id(request: EnrichmentRequested) -> str | None:
    """Without account and domain nothing names the home that the answer is for."""
    if request.account_id:
        return request.account_id
    return f"enriched:{request.domain}" if request.domain else None


def _usable(answer: Mapping[str, Any], missing: tuple[str, ...]) -> dict[str, Any]:
    checks = {"employees": _employees, "industry": _text, "country": _country}
    found = {name: checks[name](answer.get(name)) for name in missing if name in checks}
    return {name: value for name, value in found.items() if value is not None}


def _employees(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _EMPLOYEES_MOST else None


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _country(value: object) -> str | None:
    return country.alpha2(value) if isinstance(value, str) else None
