"""The part of a domain that somebody registered."""

import pytest

from streams.rules.domain import registrable


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("acme.com", "acme.com"),
        ("WWW.Acme.co.uk", "acme.co.uk"),
        ("https://user@shop.acme.com:8080/a?b#c", "acme.com"),
        ("mail.acme.co.jp", "acme.co.jp"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        (" acme.com. ", "acme.com"),
    ],
)
def test_a_host_or_url_gives_its_registrable_domain(given: str, expected: str) -> None:
    """One company, one name, whatever page or mail server is given."""
    assert registrable(given) == expected


@pytest.mark.parametrize(
    "given", ["", "acme", "co.uk", "1.2.3.4", "http://", "n/a", "-", "a" * 3000, "http://[::1]/"]
)
def test_what_has_no_registrable_domain_is_none(given: str) -> None:
    """Addresses, bare words and suffixes name nobody."""
    assert registrable(given) is None
