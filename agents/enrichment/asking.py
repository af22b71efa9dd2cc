"""Asks a provider for a whole batch at once, and keeps the answers until the step wants them."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from agents.enrichment.provider import Provider, ProviderFailed
from schemas.codec import Codec, Unreadable
from schemas.inner import EnrichmentRequested
from streams.steps.enrich import FAILED, Answer

TOGETHER = 20
"""So many requests are under way at once: a provider's limit, not ours."""


class HasValue(Protocol):
    """A record as the broker's client gives it."""

    def value(self) -> bytes | None:
        """The record's bytes."""


class Asking:
    """The asynchronous half of `enrich`: at least once, because a batch may be repeated."""

    def __init__(self, provider: Provider, codec: Codec) -> None:
        """Asks nobody yet."""
        self._provider, self._codec = provider, codec
        self._answers: dict[str, Answer] = {}
        self._room = asyncio.Semaphore(TOGETHER)

    async def prepare(self, messages: Sequence[HasValue]) -> None:
        """Asks for every request in a batch; the answers of the batch before are forgotten."""
        requests = [one for one in map(self._request, messages) if one is not None]
        answers = await asyncio.gather(*map(self._ask, requests))
        self._answers = {
            one.event_id: answer for one, answer in zip(requests, answers, strict=True)
        }

    def answer_of(self, request: EnrichmentRequested) -> Answer:
        """The answer to a request of the batch. Raises `LookupError` if it was never asked."""
        return self._answers[request.event_id]

    def _request(self, message: HasValue) -> EnrichmentRequested | None:
        """The request in a record; others are the step's to refuse."""
        try:
            event = self._codec.decode(message.value() or b"")
        except Unreadable:
            return None
        return event if isinstance(event, EnrichmentRequested) else None

    async def _ask(self, request: EnrichmentRequested) -> Answer:
        async with self._room:
            try:
                return await self._provider.ask(request)
            except ProviderFailed:
                return FAILED
