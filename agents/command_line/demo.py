"""`leadstream demo`."""

from typing import Annotated

from cyclopts import Parameter, validators

LEADS_MAX = 2_000
"""The embedded broker keeps about 5 MB a partition."""


def demo(
    *,
    leads: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=LEADS_MAX))] = 200,
    seed: int = 1,
    json: bool = False,
) -> int:
    """Show the whole pipeline at work, in one process and without a broker of yours.

    A made-up company with reps, rules and leads runs on an embedded broker; the command ends by
    itself once every lead has its place. Nothing is kept.

    Example: `leadstream demo --leads 500 --seed 7`

    Parameters
    ----------
    leads
        How many leads are captured.
    seed
        Another number makes other leads; the same number the same ones.
    json
        End with one line of JSON with all counts and the latency.
    """
    from agents.demo.demo import run

    return run(leads, seed, json=json)
