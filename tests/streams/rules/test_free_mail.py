"""Free-mail domains never name a company."""

import pytest

from streams.rules import free_mail
from streams.rules.domain import registrable
from streams.rules.free_mail import is_free_mail


@pytest.mark.parametrize("domain", ["gmail.com", "gmx.de", "yahoo.co.jp", "qq.com", "proton.me"])
def test_well_known_providers_are_free_mail(domain: str) -> None:
    """The built-in list knows the large providers of several countries."""
    assert is_free_mail(domain)


def test_a_company_is_not_and_the_policy_may_add_more() -> None:
    """The policy's own list counts beside the built-in one."""
    assert not is_free_mail("acme.com")
    assert is_free_mail("acme.com", ("acme.com",))


def test_every_built_in_domain_is_registrable() -> None:
    """Look-ups are by registrable domain: another entry would never match."""
    names = sorted(free_mail._DOMAINS)
    assert len(names) > 100
    assert [name for name in names if registrable(name) != name] == []
