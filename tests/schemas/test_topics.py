"""The catalogue agrees with the contract and with itself."""

import pytest

from schemas.avro import wire_name
from schemas.inner import PolicyActivated, ShadowSet, Tick
from schemas.lead import LeadCaptured
from schemas.outputs import OutputEvent
from schemas.record import Event
from schemas.topics import (
    CATALOGUE,
    INNER,
    INPUTS,
    OUTPUTS,
    PERSONAL_DATA_MS,
    Topic,
    event_models,
    input_types,
    type_of,
)

# Written down from the contract, which other systems hold us to.
EVENT_FIELDS = "sender event_id type occurred_at"
OUTPUT_FIELDS = "event_id caused_by at policy_version desk team"
INTERVENTION = "by reason"
INPUT_FIELDS = {
    ("leads.raw", "lead.captured"): "source direction campaign touch lead",
    ("leads.bulk", "lead.captured"): "source direction campaign touch lead",
    ("leads.raw", "lead.behaviour"): "lead_id email phone action subject product count dwell_s",
    ("leads.raw", "consent.changed"): "lead_id email phone marketing contact basis at",
    ("crm.events", "account.changed"): "account",
    ("crm.events", "lead.activity"):
        "lead_id assignment_id rep_id activity channel comment reason qualification amount",
    ("crm.events", "lead.owner_changed"): "lead_id rep_id by reason",
    ("crm.events", "lead.reassigned"): "lead_id rep_id by reason",
    ("reps.events", "rep.changed"):
        "rep_id status available away logged_in_at attainment conversion preferences",
    ("pools.commands", "lead.claim"): "rep_id pool lead_id",
    ("pools.commands", "pool.move_requested"): "request_id lead_id to_pool reason by",
    ("pools.commands", "pool.move_decided"): "request_id approved reason by",
    ("pools.commands", "lead.reviewed"): "lead_id decision by fields",
    ("pools.commands", "offer.accepted"): "offer_id rep_id",
    ("pools.commands", "offer.declined"): "offer_id rep_id",
    ("pools.commands", "turn.adjusted"): f"rotation rep_id leads {INTERVENTION}",
    ("pools.commands", "rep.paused"): f"rep_id paused until {INTERVENTION}",
    ("pools.commands", "assignment.skipped"): f"lead_id assignment_id {INTERVENTION}",
    ("pools.commands", "lead.reroute_requested"): f"lead_id desk worked {INTERVENTION}",
    ("pools.commands", "match.undone"): INTERVENTION,
    ("pools.commands", "pool.setting_changed"): INTERVENTION,
    ("pools.commands", "person.erased"): INTERVENTION,
}  # fmt: skip
LEAD_FIELDS = (
    "lead_id email phone first_name last_name company domain title department country state region "
    "city postal_code employees industry product_interest message deal_size language time_zone "
    "preferred_channel external_ids consent qualification"
)
OUTPUT_TOPICS = {
    "assignments.rep":
        "assignment_id supersedes previous_rep_id lead_id rep_id method attempt score grade "
        "priority reason contact_due_at captured_at notify lead explanation",
    "assignments.ended": "assignment_id lead_id rep_id reason",
    "assignments.offers": "offer_id lead_id offered_to expires_at withdrawn",
    "assignments.pool":
        "lead_id pool band returns score grade claimable_from reason explanation",
    "leads.scored":
        "lead_id account_key score attribute_score behaviour_score grade status hot funnel_stage "
        "icp segments persona predicted missing_elements contributions qualification next_action "
        "duplicate_of",
    "leads.rejected": "reason field detail original source",
    "claims.results": "claim_id rep_id pool granted lead_id assignment_id refusals retry_at",
    "sla.breaches": "lead_id assignment_id rep_id sla due_at breached_at kind action count",
    "leads.recycled": "lead_id from to reason",
    "marketing.actions": "lead_id stage content_key channel due",
    "sales.tasks": "lead_id rep_id task due",
    "leads.lifecycle": "lead_id from to status reason assignment_id pool counts_by_reason held_by",
    "alerts": "kind severity subject value limit detail",
    "decisions.shadow": "lead_id shadow_version live shadow error_type",
}  # fmt: skip
RELEASED_INPUT = {
    "lead.captured", "lead.behaviour", "account.changed", "lead.activity", "rep.changed",
    "lead.owner_changed", "lead.reassigned", "offer.accepted", "offer.declined", "rep.paused",
    "turn.adjusted", "assignment.skipped", "lead.reroute_requested",
}  # fmt: skip
INBOXES = ("identity.inbox", "accounts.inbox", "routing.inbox")
ALL = tuple(CATALOGUE.values())


def fields_of(model: type[Event]) -> set[str]:
    """The names of an event's fields as JSON has them."""
    return {wire_name(model, name) for name in model.model_fields}


def all_events(base: type[Event]) -> set[type[Event]]:
    """Every event of the package that is meant to be sent."""
    below = {kind for child in base.__subclasses__() for kind in all_events(child)}
    bottom = not base.__subclasses__() and base.__module__.startswith("schemas.")
    return below | ({base} if bottom else set())


def test_input_events_have_the_contracts_names() -> None:
    """Every topic, type and field of the contract's section 2, and no other topic or type.

    `lead.reroute_requested` was added to them (decision 0037).
    """
    assert input_types().keys() == INPUT_FIELDS.keys()
    for place, names in INPUT_FIELDS.items():
        missing = {*names.split(), *EVENT_FIELDS.split()} - fields_of(input_types()[place])
        assert not missing, f"{place} lacks {sorted(missing)}"
    lead = LeadCaptured.model_fields["lead"].annotation
    assert isinstance(lead, type)
    assert {*LEAD_FIELDS.split()} <= lead.__annotations__.keys()


def test_output_events_have_the_contracts_names() -> None:
    """Every topic and field of the contract's section 3, one record on each topic.

    `decisions.shadow` was added to them (decision 0040).
    """
    assert [topic.name for topic in OUTPUTS] == list(OUTPUT_TOPICS)
    for topic in OUTPUTS:
        [event] = topic.events
        missing = {*OUTPUT_TOPICS[topic.name].split(), *OUTPUT_FIELDS.split()} - fields_of(event)
        assert issubclass(event, OutputEvent)
        assert not missing, f"{topic.name} lacks {sorted(missing)}"


def test_released_input_is_what_this_version_decides() -> None:
    """The others are modelled and refused by intake."""
    assert {type_of(model) for model in input_types().values() if model.released} == RELEASED_INPUT


def test_every_event_has_its_place() -> None:
    """On one topic; captured leads also in bulk, ticks and activations on every inbox.

    Candidates are named where they decide.
    """
    places: dict[type[Event], list[str]] = {}
    for topic in ALL:
        for event in topic.events:
            places.setdefault(event, []).append(topic.name)
    assert places.keys() == all_events(Event)
    several = {event: names for event, names in places.items() if len(names) > 1}
    assert several == {
        LeadCaptured: ["leads.raw", "leads.bulk"],
        Tick: list(INBOXES),
        PolicyActivated: list(INBOXES),
        ShadowSet: ["accounts.inbox", "routing.inbox"],
    }


def test_record_names_are_unique() -> None:
    """A record's name is all that Avro knows of it."""
    assert len(event_models()) == len({event for topic in ALL for event in topic.events})


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)
def test_every_topic_is_complete(topic: Topic) -> None:
    """Somebody writes it, somebody reads it, and its settings are possible."""
    assert CATALOGUE[topic.name] is topic
    assert topic.producers
    assert topic.consumers
    assert topic.key
    assert topic.events or topic.name == "policy"
    assert topic.partitions >= 1
    assert topic.timestamp_type == "LogAppendTime"
    assert topic.cleanup == "delete"


@pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)
def test_personal_data_is_kept_for_thirty_days_at_most(topic: Topic) -> None:
    """Only the policy, which names reps by id, and the lifecycle are kept for ever."""
    for_ever = {"policy", "leads.lifecycle"}
    assert (topic.retention_ms is None) == (topic.name in for_ever)
    if topic.retention_ms is not None:
        assert topic.retention_ms <= PERSONAL_DATA_MS == 30 * 86_400_000


def test_the_lifecycle_carries_ids_only() -> None:
    """What is kept for ever may not grow a field for a name, an address or a free text."""
    allowed = {*OUTPUT_TOPICS["leads.lifecycle"].split(), *OUTPUT_FIELDS.split()}
    assert fields_of(event_models()["LifecycleChanged"]) == allowed


def test_partitions_are_those_of_the_design() -> None:
    """A keyed inbox's count is fixed when it is made; a serial stage has one."""
    assert [CATALOGUE[name].partitions for name in (*INBOXES, "policy")] == [1, 8, 4, 1]
    assert {topic.name for topic in INNER} == {*INBOXES, "policy", "enrichment.requests"}
    assert [topic.name for topic in INPUTS][:2] == ["leads.raw", "leads.bulk"]
