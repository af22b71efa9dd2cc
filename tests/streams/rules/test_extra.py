"""What a sender says beyond the contract is kept, up to a size."""

from streams.rules.extra import BYTES_MAX, DROPPED, bounded, noted


def test_a_note_is_json_and_never_replaces_the_senders_field() -> None:
    """Both could be called invalid_email; the sender's own word stays."""
    assert noted({"a": "1"}, {"invalid_email": "foo@"}) == {"a": "1", "invalid_email": '"foo@"'}
    assert noted({"invalid_email": "7"}, {"invalid_email": "foo@"}) == {"invalid_email": "7"}


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    """Small fields behind a large one are kept; the number of lost ones is said."""
    given = {"b": "x" * BYTES_MAX, "a": "1", "c": "2"}
    assert bounded(given) == {"a": "1", "c": "2", DROPPED: "1"}


def test_what_fits_is_kept_whole() -> None:
    """The common case changes nothing."""
    assert bounded({"a": "1"}) == {"a": "1"}
