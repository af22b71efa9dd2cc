"""The pipeline as data: which stages there are. Everything that runs it reads this."""

from schemas.codec import Codec
from streams.stage import Stage
from streams.steps.enrich import AnswerOf, enrich_stage, nothing_known
from streams.steps.identify import identify_stage
from streams.steps.intake import intake_stage
from streams.steps.qualify import qualify_stage
from streams.steps.route import route_stage


def pipeline(secret: bytes, codec: Codec, answer_of: AnswerOf = nothing_known) -> tuple[Stage, ...]:
    """The stages in the order of a lead's way.

    `secret` keys the hashes of personal identifiers in identify's tables; with another secret the
    directory knows nobody. `codec` reads what comes from outside. `answer_of` gives what the
    enrichment provider answered.
    """
    return (
        intake_stage(codec),
        identify_stage(secret),
        qualify_stage(),
        enrich_stage(answer_of),
        route_stage(),
    )
