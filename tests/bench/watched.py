"""What being watched costs a real worker: `python -m tests.bench.watched [LEADS [ROUNDS]]`.

One worker with all agents on a real broker takes the same leads with trace ratios of 0, 0.01 and
1, and with no receiver at all, in turns. Told is the CPU time of the worker's process for a
lead, the median of the rounds. Beside other work the rounds differ by more than what is asked for:
`tests.bench.tracing` measures the same pipeline without a broker, and closer. Needs what the broker
tests need; Linux, for /proc.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.agents.otlp import running_receiver
from tests.broker import running_broker
from tests.kafka_jars import BrokerUnavailableError
from tests.proof.made_leads import made_leads
from tests.proof.policies import roomy
from tests.proof.running import Places, make

LEADS, ROUNDS = 2_000, 3
WARM = 300
PLACED_S = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


class Setting(NamedTuple):
    """How much is watched."""

    name: str
    ratio: str
    exports: bool = True


SETTINGS = (
    Setting("no receiver", "0", exports=False),
    Setting("metrics, no traces", "0"),
    Setting("metrics, traces of 1 %", "0.01"),
    Setting("metrics, all traces", "1"),
)


def cpu_s(process: int) -> float:
    """CPU time that a process has taken, its threads' too."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measured(broker: str, setting: Setting, endpoint: str, leads: int, number: int) -> float:
    """CPU seconds a lead, after a start and some leads to warm up."""
    os.environ["LEADSTREAM_TRACE_RATIO"] = setting.ratio
    os.environ.pop("LEADSTREAM_OTLP_ENDPOINT", None)
    if setting.exports:
        os.environ["LEADSTREAM_OTLP_ENDPOINT"] = endpoint
    good = [made for made in made_leads(WARM + leads, seed=number) if made.fate == "lead"]
    with tempfile.TemporaryDirectory(prefix="leadstream-bench-") as folder:
        pipeline = make(broker, Path(folder), roomy())
        places = Places(pipeline.kafka)
        try:
            pipeline.start("all")
            pipeline.wait_ready("all")
            pipeline.send(good[:WARM])
            places.wait(WARM, 0, PLACED_S)
            time.sleep(1)
            before = cpu_s(pipeline.workers["all"].pid)
            pipeline.send(good[WARM:])
            places.wait(len(good), 0, PLACED_S)
            return (cpu_s(pipeline.workers["all"].pid) - before) / leads
        finally:
            places.close()
            pipeline.stop()


def main() -> None:
    """Prints CPU time a lead by setting."""
    numbers = [int(text) for text in sys.argv[1:]]
    leads, rounds = [*numbers, LEADS, ROUNDS][:2] if len(numbers) != 1 else [numbers[0], ROUNDS]
    taken: dict[str, list[float]] = {setting.name: [] for setting in SETTINGS}
    try:
        with running_broker(quick=False) as broker, running_receiver() as receiver:
            for number in range(rounds):
                turn = SETTINGS if number % 2 else SETTINGS[::-1]
                for setting in turn:
                    seconds = measured(broker.bootstrap, setting, receiver.endpoint, leads, number)
                    taken[setting.name].append(seconds)
                receiver.received.clear()
    except BrokerUnavailableError as error:
        print(error)
        return
    for name, times in taken.items():
        low, high = min(times) * 1e6, max(times) * 1e6
        print(f"{name:24} {median(times) * 1e6:6.0f} us a lead   ({low:.0f} to {high:.0f})")


if __name__ == "__main__":
    main()
