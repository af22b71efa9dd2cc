"""Look-ups and registrations in the directory: identifier -> person -> home."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.inner import Identifiers
from streams.policy.compiled import Policy
from streams.rows.identify import HomeKnown, IdentifyTables, PersonKnown, PersonRow
from streams.rules import free_mail, home, identity


class PersonKeys(NamedTuple):
    """Keyed hashes of what names a person, the strongest first."""

    lead: str | None
    email: str | None
    phone: str | None
    name: str | None
    """Company and person name together."""

    def present(self) -> tuple[str, ...]:
        """Those that the event has."""
        return tuple(key for key in self if key is not None)


def person_keys(secret: bytes, who: Identifiers) -> PersonKeys:
    """The table keys of a person's identifiers."""
    name = f"{who.company}\x00{who.person_name}" if who.company and who.person_name else None
    return PersonKeys(
        lead_key(secret, who.lead_id) if who.lead_id else None,
        identity.keyed_hash(secret, "email", who.email) if who.email else None,
        identity.keyed_hash(secret, "phone", who.phone) if who.phone else None,
        identity.keyed_hash(secret, "name", name) if name else None,
    )


def lead_key(secret: bytes, lead_id: str) -> str:
    """The table key of a lead id: senders may put anything into one."""
    return identity.keyed_hash(secret, "lead", lead_id)


def person_of(tables: IdentifyTables, keys: PersonKeys) -> str | None:
    """The person whom the strongest known identifier names.

    Phone and name do not identify when the event has an e-mail and their person has another one:
    switchboard numbers and namesakes.
    """
    for strong in (keys.lead, keys.email):
        found = named_by(tables, strong) if strong else None
        if found is not None:
            return found
    for weak in (keys.phone, keys.name):
        found = named_by(tables, weak) if weak else None
        if found is not None and not (keys.email and _has_email(tables, found)):
            return found
    return None


def named_by(tables: IdentifyTables, key: str) -> str | None:
    """The person whom an identifier's keyed hash names: his own key needs no row that says so."""
    row = tables.people.get(key)
    if row is not None:
        return row.person
    return None if tables.persons.get(key) is None else key


def introduce(tables: IdentifyTables, keys: PersonKeys, person: str, home: str) -> tuple[str, ...]:
    """Makes a person known by all identifiers that are nobody's, and gives those."""
    # Before the person's row: with it the person's own key would not be a new one.
    new = register(tables, keys, person)
    tables.persons.put(person, PersonRow(home, has_email=keys.email in new))
    return new


def register(tables: IdentifyTables, keys: PersonKeys, person: str) -> tuple[str, ...]:
    """Binds the identifiers that nobody has yet to a person, and gives them.

    An identifier is never bound again: what was decided by it stays explainable.
    """
    new = tuple(key for key in keys.present() if named_by(tables, key) is None)
    for key in new:
        if key != person:
            tables.people.put(key, PersonKnown(person))
    if keys.email in new:
        row = tables.persons.get(person)
        if row is not None and not row.has_email:
            tables.persons.put(person, PersonRow(row.home, has_email=True))
    return new


def home_for_person(
    tables: IdentifyTables, secret: bytes, who: Identifiers, policy: Policy, person: str
) -> str:
    """The home of a person seen for the first time; a domain that becomes one is registered."""
    domains = company_domains(who, policy)
    known = (_home(tables, key) for key in _company_keys(secret, domains, who.company))
    chosen = home.chosen(known, domains[0] if domains else None, person)
    if domains and chosen == home.of_domain(domains[0]):
        _bind(tables, _domain_key(secret, domains[0]), chosen)
    return chosen


def home_of_account(tables: IdentifyTables, secret: bytes, who: Identifiers, policy: Policy) -> str:
    """The home of an account: its own, else that of one of its domains, else a new one.

    Registers the account's id, domains and name for it, each unless it has a home already.
    """
    account_id = who.account_id or ""
    own = account_key(secret, account_id)
    domains = [_domain_key(secret, name) for name in company_domains(who, policy)]
    known = (_home(tables, key) for key in (own, *domains))
    found = next((name for name in known if name), home.of_account(account_id))
    for key in (own, *domains, *_name_keys(secret, who.company)):
        _bind(tables, key, found)
    return found


def account_key(secret: bytes, account_id: str) -> str:
    """The table key of an account's id."""
    return identity.keyed_hash(secret, "account", account_id)


def company_domains(who: Identifiers, policy: Policy) -> tuple[str, ...]:
    """The event's domains without those that the policy calls free mail."""
    more = policy.document.identity.free_mail_domains
    return tuple(name for name in who.domains if not free_mail.is_free_mail(name, more))


def _company_keys(secret: bytes, domains: tuple[str, ...], company: str | None) -> Iterator[str]:
    yield from (_domain_key(secret, name) for name in domains)
    yield from _name_keys(secret, company)


def _domain_key(secret: bytes, domain: str) -> str:
    return identity.keyed_hash(secret, "domain", domain)


def _name_keys(secret: bytes, company: str | None) -> Iterator[str]:
    if company:
        yield identity.keyed_hash(secret, "company", company)


def _home(tables: IdentifyTables, key: str) -> str | None:
    row = tables.homes.get(key)
    return row.home if row else None


def _bind(tables: IdentifyTables, key: str, name: str) -> None:
    if tables.homes.get(key) is None:
        tables.homes.put(key, HomeKnown(name))


def _has_email(tables: IdentifyTables, person: str) -> bool:
    row = tables.persons.get(person)
    return row is not None and row.has_email
