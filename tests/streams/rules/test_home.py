"""The home account of a person."""

from streams.rules.home import chosen, of_account, of_domain, of_person


def test_what_the_directory_knows_comes_first() -> None:
    """An account that knows the domain is stronger than the domain's name."""
    assert chosen([None, of_account("A1")], "acme.com", "p") == "account:A1"


def test_a_company_domain_is_a_home() -> None:
    """Before the CRM says anything, the domain holds a company together."""
    assert chosen([None], "acme.com", "p") == of_domain("acme.com") == "domain:acme.com"


def test_without_a_company_the_person_is_the_home() -> None:
    """Free mail and phone numbers name no company."""
    assert chosen([], None, "abc") == of_person("abc") == "person:abc"
