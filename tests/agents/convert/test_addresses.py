"""E-mail addresses and web sites."""

import pytest

from agents.convert.addresses import is_email, read_domain, read_email


@pytest.mark.parametrize(
    "text",
    [
        "ann@acme.example",
        " mailto:ann@acme.example?subject=x",
        "Ann Lee <ann@acme.example>",
        "ann\uff20acme.example",
        "ann@acme.example;",
        "ann@acme.example, ann@acme.example",
        "'ann@acme.example'",
    ],
)
def test_an_address_is_found_in_what_surrounds_it(text: str) -> None:
    """Mail programs and people put all of this into the cell."""
    assert read_email(text) == ("ann@acme.example", "", False)


def test_of_several_addresses_the_first_is_taken_with_a_warning() -> None:
    """A lead has one address; the rest must not get lost silently."""
    reading = read_email("a@x.example / b@x.example")
    assert reading.value == "a@x.example"
    assert "several" in reading.warning


@pytest.mark.parametrize(
    "text", ["ann", "ann@", "@x.com", "a..b@x.com", "a@localhost", "a@1.2.3.4", "a b", "a@-x.com"]
)
def test_what_is_no_address_is_odd(text: str) -> None:
    """It would be refused further on and the whole lead with it."""
    assert read_email(text).value is None
    assert not is_email(text)


@pytest.mark.parametrize(
    "text",
    ["https://www.Acme.example/path?x#y", "acme.example", "http://acme.example:8080", "ftp://me@acme.example"]
)  # fmt: skip
def test_a_web_site_gives_its_host(text: str) -> None:
    """The domain decides the account."""
    assert read_domain(text).value == "acme.example"


@pytest.mark.parametrize(
    "text", ["linkedin.com/in/ann", "https://www.facebook.com/acme", "none yet"]
)
def test_a_page_on_a_network_is_no_company_domain(text: str) -> None:
    """All its members would become one account."""
    assert read_domain(text).value is None
