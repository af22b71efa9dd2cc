"""Normalisation: one spelling for every address, number, country, domain and name.

What is invalid is taken out of its field and kept in `extra` as `invalid_<field>`: a bad phone
number does not cost the lead. Only an event that nobody could be identified by is refused.
"""

from typing import Any, NamedTuple

from schemas.crm import AccountDetails
from schemas.lead import LeadDetails, WhoEvent
from streams.rules import (
    country,
    domain,
    email_address,
    extra,
    free_mail,
    lead_id,
    phone_number,
    plain_text,
    qualification,
    state,
)

_TRIMMED = (
    "first_name", "last_name", "company", "title", "department", "region", "city",
    "postal_code", "product_interest", "preferred_channel", "time_zone",
)  # fmt: skip
_FOLDED = ("industry", "language")


class Field(NamedTuple):
    """A field's normal form, and what to note about it."""

    value: str | None
    notes: dict[str, str]


def lead_details(lead: LeadDetails) -> LeadDetails:
    """The details in normal form (CAP-11, VAL-08)."""
    changes: dict[str, Any] = {name: plain_text.trimmed(getattr(lead, name)) for name in _TRIMMED}
    changes |= {name: plain_text.folded(getattr(lead, name)) for name in _FOLDED}
    fields = {
        "lead_id": named(lead.lead_id),
        "email": email(lead.email or _mail(lead.lead_id)),
        "domain": _domain(lead.domain),
    } | _place(lead)
    fields["phone"] = phone(lead.phone, fields["country"].value, lead.language)
    notes: dict[str, str] = {}
    for name, field in fields.items():
        changes[name] = field.value
        notes |= field.notes
    if lead.message is not None:
        changes["message"] = lead.message.strip() or None
    if lead.qualification:
        changes["qualification"] = qualification.answers(lead.qualification)
    if notes or lead.extra:
        changes["extra"] = extra.noted(lead.extra, notes)
    return lead.model_copy(update=changes)


def account_details(account: AccountDetails) -> AccountDetails:
    """The account in normal form; free-mail domains are left out, they are nobody's company."""
    notes: dict[str, str] = {}
    domains: list[str] = []
    for given in account.domains:
        found = domain.registrable(given)
        if found is None or free_mail.is_free_mail(found):
            notes[f"unused_domain_{len(notes) + 1}"] = given
        elif found not in domains:
            domains.append(found)
    where = _country(account.country)
    changes = {
        "account_id": account.account_id.strip() or account.account_id,
        "parent_id": account.parent_id and account.parent_id.strip(),
        "domains": tuple(domains),
        "name": plain_text.trimmed(account.name),
        "industry": plain_text.folded(account.industry),
        "country": where.value,
        "extra": extra.noted(account.extra, notes | where.notes),
    }
    return account.model_copy(update=changes)


def who(event: WhoEvent) -> WhoEvent:
    """The event with its lead id, e-mail and phone in normal form."""
    fields = {
        "lead_id": named(event.lead_id),
        "email": email(event.email or _mail(event.lead_id)),
        "phone": phone(event.phone, None, None),
    }
    changes: dict[str, Any] = {name: field.value for name, field in fields.items()}
    notes = {name: note for field in fields.values() for name, note in field.notes.items()}
    if notes or event.extra:
        changes["extra"] = extra.noted(event.extra, notes)
    return event.model_copy(update=changes)


def named(given: str | None) -> Field:
    """A lead id that may become a key, or a note: an address is no id."""
    return _field("lead_id", given, lead_id.usable(given))


def _mail(given: str | None) -> str | None:
    """A lead id that is an e-mail address says at least who is meant."""
    return given if given and "@" in given else None


def email(given: str | None) -> Field:
    """An e-mail address in normal form, or a note."""
    value = email_address.normalised(given) if given else None
    return _field("email", given, value)


def phone(given: str | None, where: str | None, language: str | None) -> Field:
    """A phone number in E.164, its extension noted, or a note."""
    number = phone_number.normalised(given, where, language) if given else None
    if number is not None and number.extension:
        return Field(number.e164, {"phone_extension": number.extension})
    return _field("phone", given, number.e164 if number else None)


def _domain(given: str | None) -> Field:
    return _field("domain", given, domain.registrable(given) if given else None)


def _place(lead: LeadDetails) -> dict[str, Field]:
    """Country and state; a whole ISO 3166-2 code names a country that was not given."""
    where = _country(lead.country)
    part = _field("state", lead.state, state.code(lead.state, where.value) if lead.state else None)
    if part.value is not None and where.value is None:
        where = Field(state.country_of(part.value), where.notes)
    return {"country": where, "state": part}


def _country(given: str | None) -> Field:
    return _field("country", given, country.alpha2(given) if given else None)


def _field(name: str, given: str | None, value: str | None) -> Field:
    """A note with what was given if it was something and is not understood."""
    lost = value is None and given is not None and given.strip() != ""
    return Field(value, {f"invalid_{name}": given} if lost and given is not None else {})
