"""The README's picture of the pipeline, drawn from the pipeline's own data.

`python -m agents.picture README.md` writes it between the two marks. A drawing of text and not a
Mermaid chart: it reads the same in a terminal, in an editor and on a web page.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agents.settings import PUBLIC_SECRET
from schemas.codec import Codec
from schemas.topics import CATALOGUE, INPUTS, OUTPUTS
from streams.pipeline import pipeline
from streams.stage import Stage

BEGIN, END = "<!-- picture: python -m agents.picture README.md -->", "<!-- end of picture -->"
WIDTH = 92
"""Columns: fits a terminal of 100 beside a little air."""
DECIDES = {
    "intake": "reads, validates, normalises",
    "identify": "who is meant, which company; repeats",
    "qualify": "admits, completes, scores",
    "enrich": "asks data providers",
    "route": "rep, pool or waiting room; clocks",
}
"""What a stage does, in a few words; a stage without words is a `KeyError`."""
_INPUTS = {topic.name for topic in INPUTS}
_OUTPUTS = {topic.name for topic in OUTPUTS}


def picture(stages: Sequence[Stage]) -> str:
    """The stages from top to bottom as leads pass them, then those that work beside the way.

    Pure. Raises `KeyError` for a stage that `DECIDES` has no words for.
    """
    way = [stage for stage in stages if not _feeds_back(stage)]
    beside = [stage for stage in stages if _feeds_back(stage)]
    lines = list(_senders(way[0]))
    for number, stage in enumerate(way):
        following = way[number + 1] if number + 1 < len(way) else None
        lines += _box(stage, _told(stage, following, stages))
        if following is not None:
            lines += _arrow(stage, following)
    for stage in beside:
        lines += ["", *_box(stage, _asked(stage, stages))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _feeds_back(stage: Stage) -> bool:
    """Whether what a stage finds out comes in again as input, like a provider's answer."""
    return not _INPUTS.isdisjoint(stage.writes)


def _senders(first: Stage) -> Iterator[str]:
    """Who sends to the first stage, and its topics."""
    width = max(map(len, first.sources))
    for name in first.sources:
        yield f"  {name:<{width}}  <- {', '.join(CATALOGUE[name].producers)}"
    yield "    |"
    yield "    v"


def _box(stage: Stage, notes: Sequence[str]) -> Iterator[str]:
    """A stage with its work, and beside it what else it reads and writes."""
    inside = (f" {stage.name}", f" {DECIDES[stage.name]}")
    width = max(map(len, DECIDES.values())) + 2
    border = f"  +{'-' * width}+"
    body = [f"  |{text:<{width}}|" for text in inside]
    body += [f"  |{'':<{width}}|"] * (len(notes) - len(body))
    yield border
    for line, note in zip(body, [*notes, *[""] * len(body)], strict=False):
        yield f"{line} {note}"
    yield border


def _told(stage: Stage, following: Stage | None, stages: Sequence[Stage]) -> list[str]:
    """What a stage writes beside the topic that leads on."""
    onward = set(following.sources) if following else set()
    side = [name for name in stage.writes if name not in onward and name not in _OUTPUTS]
    to_stages = [f"--> {name} (to {_readers(name, stages)})" for name in side]
    return to_stages + _wrapped([name for name in stage.writes if name in _OUTPUTS])


def _asked(stage: Stage, stages: Sequence[Stage]) -> list[str]:
    """What a stage beside the way reads, from whom, and what it gives back."""
    others = [one for one in stages if one is not stage]
    asked = [
        f"<-- {name} (from {', '.join(one.name for one in others if name in one.writes)})"
        for name in stage.sources
    ]
    return asked + _told(stage, stage, stages)


def _readers(name: str, stages: Iterable[Stage]) -> str:
    return ", ".join(stage.name for stage in stages if name in stage.sources)


def _wrapped(names: Sequence[str]) -> list[str]:
    """Output topics in lines that fit beside a box."""
    room = WIDTH - max(map(len, DECIDES.values())) - 12
    lines = [""]
    for name in names:
        longer = f"{lines[-1]}, {name}" if lines[-1] else name
        lines = [*lines[:-1], longer] if len(longer) <= room else [*lines, name]
    return [f"{'==>' if number == 0 else '   '} {line}" for number, line in enumerate(lines)]


def _arrow(stage: Stage, following: Stage) -> Iterator[str]:
    """The topic between two stages, with what keeps its order."""
    for name in (name for name in following.sources if name in stage.writes):
        topic = CATALOGUE[name]
        order = "one partition" if topic.partitions == 1 else f"{topic.partitions} partitions"
        key = "" if topic.key == "none" else f", key: {topic.key}"
        yield f"    |  {name} ({order}{key})"
    yield "    v"


def block() -> str:
    """The picture of the pipeline as it is, as a fenced block between the marks."""
    drawn = picture(pipeline(PUBLIC_SECRET.encode(), Codec()))
    return f"{BEGIN}\n```text\n{drawn}```\n{END}"


def redrawn(text: str) -> str:
    """A text with the picture between its marks drawn anew. Raises `ValueError` without marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        msg = f"there are no lines {BEGIN} and {END}: write them where the picture belongs"
        raise ValueError(msg)
    return f"{before}{block()}{after}"


def main() -> None:
    """Draws the picture into the file named, or on the standard output."""
    if len(sys.argv) == 1:
        sys.stdout.write(f"{block()}\n")
        return
    file = Path(sys.argv[1])
    file.write_text(redrawn(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
