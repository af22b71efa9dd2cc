"""The home account: the key under which all that concerns one company or person is decided."""

from collections.abc import Iterable


def of_account(account_id: str) -> str:
    """The home of an account of which nothing else is known."""
    return f"account:{account_id}"


def of_domain(domain: str) -> str:
    """The home of a company that is known by its domain only."""
    return f"domain:{domain}"


def of_person(person: str) -> str:
    """The home of somebody without a company; `person` is a keyed hash."""
    return f"person:{person}"


def chosen(known: Iterable[str | None], domain: str | None, person: str) -> str:
    """The first home that the directory knows, else the domain's, else the person's own."""
    for home in known:
        if home is not None:
            return home
    return of_domain(domain) if domain else of_person(person)
