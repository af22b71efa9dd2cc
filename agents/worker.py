"""The composition root: settings become stages, ledgers and one Faust worker."""

import asyncio
import gc
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import faust
import mode.loop

from agents.enrichment.asking import Asking
from agents.enrichment.provider import FileProvider
from agents.kafka import granted, rights, topics
from agents.kafka.policies import PolicyTopic
from agents.leaving import StayDown
from agents.ledger.deployment import Deployment
from agents.ledger.happened import Committed, Happened
from agents.ledger.health import Health
from agents.ledger.instance import Slot, make_folder
from agents.ledger.ledger import Ledger, Prepare
from agents.ledger.trace import bound_of
from agents.settings import Kafka, Settings
from schemas.codec import Codec
from streams.pipeline import pipeline
from streams.stage import Stage

SILENT_S = 120.0
"""A stage that has not looked for records for so long is not alive."""


COLLECT_AFTER = 100_000
"""New objects before Python looks for cycles: rows live long and have none, so the default of 700
spends a third of the steps' time on looking (measured)."""


def composed(
    settings: Settings, secret: bytes, codec: Codec
) -> tuple[tuple[Stage, ...], dict[str, Prepare]]:
    """Every stage, and what must be asked outside before a stage decides a batch.

    Raises `StayDown` for an enrichment file that cannot be read.
    """
    path = settings.edges.enrichment_file
    if path is None:
        return pipeline(secret, codec), {}
    asking = Asking(FileProvider(path), codec)
    return pipeline(secret, codec, asking.answer_of), {"enrich": asking.prepare}


def chosen(stages: Sequence[Stage], names: Sequence[str]) -> tuple[Stage, ...]:
    """The stages of the given names, all where none is named. Raises `StayDown` for an unknown."""
    known = {stage.name: stage for stage in stages}
    unknown = sorted(set(names) - set(known))
    if unknown:
        msg = f"there is no agent {unknown[0]!r}: choose from {', '.join(known)}"
        raise StayDown(msg)
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(stages)


def ledgers(
    settings: Settings,
    stages: Sequence[Stage],
    codec: Codec,
    instance: str,
    happened: Callable[[Happened], None],
    prepare: Mapping[str, Prepare],
) -> list[Ledger]:
    """A ledger for each stage; they share the policies that they read.

    `prepare` has by stage what is asked before a batch is decided.
    """
    policies = PolicyTopic(settings.kafka)
    deployment = Deployment(
        kafka=settings.kafka,
        instance=instance,
        data=settings.worker.data,
        codec=codec,
        policies=policies,
        happened=happened,
        trace_bound=bound_of(settings.edges.trace_ratio),
    )
    return [Ledger(stage, deployment, prepare.get(stage.name)) for stage in stages]


def run(
    settings: Settings,
    stages: Sequence[Stage],
    codec: Codec,
    happened: Callable[[Happened], None],
    prepare: Mapping[str, Prepare],
) -> None:
    """Runs stages against the broker until SIGTERM or SIGINT.

    The caller has seen that the broker answers (`check_reachable`). Raises `StayDown` where
    starting makes no sense (rights, partitions, a taken name).
    """
    kafka = settings.kafka
    gc.set_threshold(COLLECT_AFTER)
    mode.loop.use("uvloop")
    if not kafka.embedded:  # there topics come by themselves, with partitions of its own number
        refuse_unfit(kafka, stages)
    services: list[Ledger] = []
    _answer_for(settings, stages, services)
    PolicyTopic(kafka).wait_for_first(threading.Event().wait)
    make_folder(settings.worker.data)
    with (
        _named(settings, stages) as name,
        _observed(settings, stages, (name, codec), happened) as observed,
    ):
        services += ledgers(settings, stages, codec, name, observed, prepare)
        PromptWorker(services).execute_from_commandline()


def refuse_unfit(kafka: Kafka, stages: Sequence[Stage]) -> None:
    """Raises `StayDown` for a right that is missing, or a topic that is, or is otherwise.

    Only the stages' own topics are asked for: others may be none of this worker's business.
    """
    needed = [right for stage in stages for right in rights.of_agent(kafka.prefix, stage)]
    granted.refuse_missing(kafka, needed)
    used = {right.name for right in needed}
    wanted = topics.wanted(kafka.prefix, tuple(stages))
    topics.refuse_wrong_partitions(kafka, tuple(one for one in wanted if one.name in used))


def _answer_for(settings: Settings, stages: Sequence[Stage], services: list[Ledger]) -> None:
    """Answers /live and /ready from now on, also while the worker waits for its first policy.

    `services` is filled when the stages run; until then none of them is ready.
    """
    worker = settings.worker
    if not worker.health_port:
        return
    Health(
        worker.health_host,
        worker.health_port,
        lambda: all(one.silent_s < SILENT_S for one in services),
        lambda: (
            {one.stage.name: one.ready for one in services} or {one.name: False for one in stages}
        ),
    ).start()


@contextmanager
def _named(settings: Settings, stages: Sequence[Stage]) -> Iterator[str]:
    """This worker's name, ours until the end: the one that was set, or that of a free slot."""
    name = settings.worker.instance
    if name is not None:
        yield name
        return
    with Slot(settings.worker.data, "-".join(stage.name for stage in stages)) as slot:
        yield slot.name


@contextmanager
def _observed(
    settings: Settings,
    stages: Sequence[Stage],
    who: tuple[str, Codec],
    happened: Callable[[Happened], None],
) -> Iterator[Callable[[Happened], None]]:
    """What is done with what happens; with an endpoint its spans and metrics go there too.

    `who`: the worker's name, and the codec by which it reads.
    """
    endpoint = settings.edges.otlp_endpoint
    if endpoint is None:
        yield happened
        return
    from agents.metering import Meter  # noqa: PLC0415 - takes a second, which others need not wait
    from agents.tracing import Tracer  # noqa: PLC0415 - likewise

    (instance, codec), prefix = who, settings.kafka.prefix
    with (
        Tracer(endpoint, instance, prefix, stages) as tracer,
        Meter(endpoint, instance, prefix, codec) as meter,
    ):

        def all_three(what: Happened) -> None:
            happened(what)
            if isinstance(what, Committed):
                tracer.batch(what)
            meter.note(what)

        yield all_three


class PromptWorker(faust.Worker):
    """A Faust worker that ends quickly and in the right order: a restart's leads wait for it."""

    def __init__(self, services: Sequence[Ledger]) -> None:
        """Runs the ledgers and their apps."""
        self._ledgers = services
        first, *others = [one.app for one in services]
        super().__init__(
            first, *others, *services, loglevel="warn", quiet=True, override_logging=False
        )
        # It would put terminal codes before the first JSON line of a log.
        self.spinner = None

    async def stop(self) -> None:
        """Stops all ledgers at once and before any app: an agent must still answer its batch."""
        await asyncio.gather(*(one.stop() for one in self._ledgers))
        await super().stop()

    async def _sentinel_task(self) -> None:
        """Waits for nothing: Faust gives stray tasks a second, ours have committed and left."""
