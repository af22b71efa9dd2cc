"""A worker with another secret does not go on with the directory's rows."""

import pytest

from agents.leaving import StayDown
from agents.ledger.keyed import check_key
from agents.ledger.rows import ONLY, KeyedWith, LedgerTables
from agents.ledger.tables import open_tables
from streams.steps.identify import identify_stage
from streams.steps.qualify import qualify_stage

OURS, OTHERS = identify_stage(b"one secret of ours"), identify_stage(b"another one of others")


def test_the_first_record_notes_the_key_and_the_same_one_goes_on() -> None:
    """What is noted is no secret: sixteen bytes of a keyed hash."""
    own = open_tables(LedgerTables)
    check_key(OURS, own)
    check_key(OURS, own)
    row = own.keyed.get(ONLY)
    assert row == KeyedWith(OURS.key_check or "")
    assert "secret" not in str(row)


def test_another_secret_is_refused() -> None:
    """Silently it would make two persons of everybody who comes back."""
    own = open_tables(LedgerTables)
    check_key(OURS, own)
    with pytest.raises(StayDown, match="made under another LEADSTREAM_SECRET"):
        check_key(OTHERS, own)


def test_a_stage_without_a_secret_notes_nothing() -> None:
    """Only identify has one."""
    own = open_tables(LedgerTables)
    check_key(qualify_stage(), own)
    assert own.keyed.get(ONLY) is None
