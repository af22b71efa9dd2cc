"""One spelling for one mailbox, or nothing."""

import pytest

from streams.rules.email_address import host, normalised


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (" Jane.Doe@Example.COM ", "jane.doe@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("a+tag@example.co.uk", "a+tag@example.co.uk"),
        ("jane@bücher.de", "jane@bücher.de"),
        ("jane@xn--bcher-kva.de", "jane@bücher.de"),
        ("用户@example.com", "用户@example.com"),
    ],
)
def test_a_mailbox_has_one_spelling(given: str, expected: str) -> None:
    """Case, white space and the domain's encoding make no other person."""
    assert normalised(given) == expected


@pytest.mark.parametrize(
    "given",
    ["", "  ", "foo@", "@example.com", "foo", "a b@example.com", "a@b@example.com", "a..b@x.com",
     ".a@example.com", "a@-x.com", "a@x..com", "a@localhost", "a@x", "a@1.2.3.4",
     "a@example.com\nbcc:x@y.com", f"{'a' * 65}@example.com", f"a@{'b' * 260}.com"],
)  # fmt: skip
def test_what_cannot_be_an_address_is_none(given: str) -> None:
    """A wrong address is refused, never repaired by guessing."""
    assert normalised(given) is None


def test_the_host_is_what_stands_behind_the_last_at() -> None:
    """The domain names the company."""
    assert host("jane@acme.com") == "acme.com"
