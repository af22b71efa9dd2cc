"""Whether a partition's rows were keyed with the secret that this worker has."""

from agents.leaving import StayDown
from agents.ledger.rows import ONLY, KeyedWith, LedgerTables
from streams.stage import Stage


def check_key(stage: Stage, own: LedgerTables) -> None:
    """Notes the stage's key with its first record. Raises `StayDown` where it is another one.

    With another secret the directory would know nobody: every person would come in anew, and every
    account's leads would go to strangers.
    """
    if stage.key_check is None:
        return
    row = own.keyed.get(ONLY)
    if row is None:
        own.keyed.put(ONLY, KeyedWith(stage.key_check))
    elif row.check != stage.key_check:
        msg = (
            f"the rows of {stage.name} were made under another LEADSTREAM_SECRET: give this worker "
            "the secret of the others, or a LEADSTREAM_PREFIX of its own if it is another company's"
        )
        raise StayDown(msg)
