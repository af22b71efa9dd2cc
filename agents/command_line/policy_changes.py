"""Two policies side by side: read from a file or from the broker, and their changes in words."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from agents.command_line.broker import patiently, speaking_to
from agents.command_line.ending import Failed
from agents.command_line.environment import settings
from agents.command_line.policy_file import problems_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.policy.comparison import Change
    from streams.policy.document import Document


def published(version: int | None) -> tuple[int, str]:
    """Number and text of a published version, None: of the last. Raises `Failed`."""
    found = settings()
    with speaking_to(found.kafka):
        from agents.kafka.policies import TOPIC, PolicyTopic
        from agents.kafka.produce import refuse_missing

        patiently(lambda: refuse_missing(found.kafka, (TOPIC,)))
        topic = PolicyTopic(found.kafka)
        latest = patiently(topic.latest)
        if latest is None:
            raise Failed("no policy was published yet: run `leadstream policy publish FILE`")
        number = latest if version is None else version
        if not 0 <= number < patiently(topic.end):
            raise Failed(f"there is no policy version {number}: the last one is {latest}")
        return number, patiently(lambda: topic.text(number))


def document_of(name: str) -> "Document":
    """The policy of that file, or of that version where it is a number.

    A file whose name is a number needs its folder: `./3`. Raises `Refused` for a policy that cannot
    be used, `Failed` for a version that is not there.
    """
    from streams.policy.compiled import compile_policy
    from streams.policy.loading import load
    from streams.policy.release import unreleased

    is_version = name.isascii() and name.isdecimal()
    text = published(int(name))[1] if is_version else text_of(Path(name))
    with problems_of(f"policy version {name}" if is_version else name):
        # Without its release: nothing is decided by it here, so other data do no harm.
        compile_policy(unreleased(text), version=0)
        return load(text)


def print_changes(changes: "Sequence[Change]", old: str, new: str) -> None:
    """The sentences below those whom they concern."""
    if not changes:
        print(f"Nothing changes from {old} to {new}.")
    for who, found in groupby(changes, key=lambda change: change.who):
        print(who)
        for change in found:
            print(f"  {change.sentence}.")
