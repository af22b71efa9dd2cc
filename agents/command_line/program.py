"""All commands of `leadstream` under one roof."""

from importlib import metadata

from cyclopts import App, Parameter

from agents.command_line.bench import bench
from agents.command_line.convert import convert
from agents.command_line.deadletters import deadletters
from agents.command_line.demo import demo
from agents.command_line.explain import explain
from agents.command_line.fairness import fairness
from agents.command_line.going_live import import_
from agents.command_line.policy import policy
from agents.command_line.preview import preview
from agents.command_line.produce import produce
from agents.command_line.recording import record, replay
from agents.command_line.reroute import reroute
from agents.command_line.simulate import simulate
from agents.command_line.topics import topics
from agents.command_line.trace import trace
from agents.command_line.worker import worker
from agents.terminal import Terminal


def program() -> App:
    """The command line. Errors are raised, results returned: `running` decides what they mean."""
    app = App(
        name="leadstream",
        help="Takes every captured lead within milliseconds to the right sales rep or pool.",
        help_epilogue=(
            "Start with `leadstream demo`. Commands that need a broker find it by LEADSTREAM_BROKER"
            " and the other settings in the environment or in .env."
        ),
        help_format="markdown",
        version=lambda: metadata.version("leadstream"),
        default_parameter=Parameter(negative=()),
        exit_on_error=False,
        print_error=False,
        suppress_keyboard_interrupt=False,
        result_action="return_value",
        console=Terminal(),
    )
    app.command(demo)
    app.command(simulate)
    app.command(convert)
    app.command(preview)
    app.command(produce)
    app.command(import_, name="import")
    app.command(worker)
    app.command(reroute)
    app.command(explain)
    app.command(trace)
    app.command(fairness)
    app.command(record)
    app.command(replay)
    app.command(topics)
    app.command(policy)
    app.command(deadletters)
    app.command(bench)
    return app
