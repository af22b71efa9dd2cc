"""`leadstream worker`: the agents, against a real broker."""

import signal
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Never

from cyclopts import Parameter

from agents.command_line.broker import patiently
from agents.command_line.ending import DONE, Ended
from agents.command_line.environment import chosen, codec, secret_of, settings, stages_not_run
from agents.leaving import RESTART, STAY_DOWN, StayDown

if TYPE_CHECKING:
    from agents.settings import Settings


class Down(Ended):
    """A worker that must not be restarted as it is."""

    code = STAY_DOWN


class Again(Ended):
    """A worker that another start is likely to bring up."""

    code = RESTART


def worker(*agents: Annotated[str, Parameter(show_default=False)]) -> int:
    """Run agents against a real broker until SIGTERM or Ctrl-C, either of them a clean stop.

    Without a name all agents run, in one process; several workers share the work. The settings
    come from the environment or from .env: LEADSTREAM_BROKER, LEADSTREAM_SECRET and others, see
    .env.example. Exit codes for a supervisor: 70 restart me, 78 do not.

    Example: `leadstream worker identify qualify`

    Parameters
    ----------
    agents
        Names of agents: intake, identify, qualify, enrich, route. All, if none is given.
    """
    signal.signal(signal.SIGTERM, _stop)
    found = settings()
    try:
        _run(found, agents)
    except KeyboardInterrupt:
        return DONE
    return DONE


def _stop(_number: int, _frame: FrameType | None) -> Never:
    """SIGTERM before the agents run: there is nothing to finish yet."""
    raise KeyboardInterrupt


def _run(found: "Settings", names: tuple[str, ...]) -> None:
    from agents import telemetry
    from agents import worker as composition
    from agents.kafka import failures, reachable

    telemetry.configure(found.worker.log_level)
    try:
        chosen(stages_not_run(found), names)  # a wrong call, whatever else is not set up yet
        reader = codec(found)
        stages, prepare = composition.composed(found, secret_of(found), reader)
        running = chosen(stages, names)
        patiently(lambda: reachable.check_reachable(found.kafka))
        composition.run(found, running, reader, telemetry.log_happened, prepare)
    except reachable.Unreachable as error:
        # The broker may be on its way up; a supervisor should try again.
        raise Again(str(error)) from error
    except StayDown as error:
        raise Down(str(error)) from error
    except failures.KINDS as error:
        raise Again(failures.sentence(error, found.kafka)) from error
