"""What a new policy changes, in words, and that nothing changes without a word (CFG-02, CFG-06)."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.policy import comparison, differences
from streams.policy.comparison import EVERYBODY, Change, changes
from streams.policy.document import Document
from streams.policy.leaves import Leaf, leaves
from streams.policy.loading import load
from streams.policy.release import release
from tests.streams import policies
from tests.streams.policy.edits import DEFAULT, FILE, Moved, edited, moved, written
from tests.streams.policy.sample import SAMPLE, broken


def unmentioned(old: Document, new: Document) -> list[Moved]:
    """The values that differ and of which no sentence tells, with what had to be said."""
    told = changes(old, new)
    return [each for each in moved(written(old), written(new)) if not _mentioned(each, told)]


def _mentioned(each: Moved, told: tuple[Change, ...]) -> bool:
    for change in told:
        about = any(each.path == path or each.path.startswith(f"{path}.") for path in change.paths)
        whole = not about or each.path not in change.paths
        if about and (
            whole or all(word in f"{change.who} {change.sentence}" for word in each.words)
        ):
            return True
    return False


def said(text: str) -> dict[str, list[str]]:
    """Sentences by whom they concern, of a text against the sample."""
    found: dict[str, list[str]] = {}
    for change in changes(load(SAMPLE), load(text)):
        found.setdefault(change.who, []).append(change.sentence)
    return found


@settings(max_examples=80)
@given(st.integers(1, 6), st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 10**6))
def test_every_value_that_differs_is_told_of(one: int, seed: int, two: int, other: int) -> None:
    """Two random edits of the default policy; held against a comparison of its own."""
    assert unmentioned(edited(one, seed), edited(two, other)) == []


@settings(max_examples=50)
@given(st.integers(0, 6), st.integers(0, 10**6))
@example(0, 0)
def test_a_policy_does_not_differ_from_itself(number: int, seed: int) -> None:
    """No value, no share, no place."""
    assert changes(edited(number, seed), edited(number, seed)) == ()


def test_a_value_that_is_passed_over_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: values of one section left out of the comparison are found missing."""

    def blind(document: Document) -> dict[Any, Leaf]:
        return {key: leaf for key, leaf in leaves(document).items() if "contact" not in key}

    monkeypatch.setattr(differences, "leaves", blind)
    old = load(SAMPLE)
    new = load(broken("waiting: {alert_after: 5min}", "contact: {attempts: 5}"))
    assert [each.path for each in unmentioned(old, new)] == ["teams.smb.contact.attempts"]


def test_a_sentence_without_its_values_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twin: the path alone is not enough."""
    monkeypatch.setattr(comparison, "told", lambda *_: "something is different")
    new = load(broken("weight: 50", "weight: 60"))
    assert [each.path for each in unmentioned(load(SAMPLE), new)] == ["reps.rep-2.weight"]


def test_a_hot_lane_that_changes() -> None:
    """LANE-01, LANE-03, LANE-05: score, clock and who shares its leads."""
    race = "method: race, offers: 4, offer_for: 3min"
    lane = f"hot_lane: {{over: null, {race}, target: 20min, rotation: [rep-2]}}"
    assert said(broken("waiting: {alert_after: 5min}", lane)) == {
        "Team smb": [
            "hot_lane: leads without an owner take it with a score over: no hot lane (before: 90)",
            "hot_lane: how a rep is found (assign or race): race (before: assign)",
            "hot_lane: reps who are offered a lead at once: 4 (before: 3)",
            "hot_lane: a lead that nobody accepts is assigned after: 3min (before: 5min)",
            "hot_lane: members of its own rotation: now also rep-2 (before: none)",
            "hot_lane: the manager is told when a rep did not answer for: 20min (before: 30min)",
        ],
        "Rep rep-2": ["share of the hot lane of team smb: 100.0 % (before: none)"],
    }


def test_a_rep_who_leaves_and_one_who_joins() -> None:
    """ACCT-03, ESC-09: what becomes of the leaver's leads; who has which share now."""
    text = broken(
        "  rep-3: {team: field, zone: Europe/Paris}", "  rep-5: {team: field, weight: 30}"
    )
    found = said(text.replace("manager: rep-3", "manager: rep-5"))
    assert found["Rep rep-3"] == ["leaves: the leads in his hands go back through the tiers"]
    assert found["Rep rep-5"] == [
        "is new: team field; weight in rotations 30",
        "share of the rotation of team field: 100.0 % (before: none)",
    ]
    assert found["Team field"] == [
        "manager, who gets what all others missed: rep-5 (before: rep-3)"
    ]


def test_a_weight_changes_everybody_s_share() -> None:
    """Before and after, in percent, for each who is concerned."""
    found = said(broken("weight: 50", "weight: 300"))
    assert found["Rep rep-2"][:2] == [
        "weight in rotations: 300 (before: 50)",
        "share of the rotation of team smb: 75.0 % (before: 33.3 %)",
    ]
    assert found["Rep rep-1"] == [
        "share of the rotation of team smb: 25.0 % (before: 66.7 %)",
        "share of territory north of team smb: 25.0 % (before: 66.7 %)",
    ]


def test_a_rep_who_moves_keeps_the_leads_he_has() -> None:
    """His shares go from one team's rotation to the other's."""
    old = load(SAMPLE.replace("  rep-3:", "  rep-5: {team: field}\n  rep-3:"))
    new = load(SAMPLE.replace("  rep-3:", "  rep-5: {team: far}\n  rep-3:"))
    assert [each.sentence for each in changes(old, new) if each.who == "Rep rep-5"] == [
        "team: far (before: field); he keeps the leads he has",
        "share of the rotation of team field: none (before: 50.0 %)",
        "share of the rotation of team far: 50.0 % (before: none)",
    ]


def test_a_territory_that_moves_says_who_gains_and_who_loses_it() -> None:
    """CFG-06: a place, from whom, to whom."""
    south = "      - {territory: south, countries: [MX], reps: [rep-2]}\n    specialties:\n"
    base = broken("    specialties:\n", south).replace("        states: [US-NY]\n", "")
    base = base.replace("reps: [rep-1, rep-2]", "reps: [rep-1]")
    moved_text = base.replace("[NO, US]", "[NO]").replace("[MX]", "[MX, US]")
    old, new = load(base), load(moved_text)
    found = {(each.who, each.sentence) for each in changes(old, new)}
    assert found >= {
        ("Team smb", "territory south: countries: now also US (before: MX)"),
        ("Team smb", "territory north: countries: no longer US (before: NO, US)"),
        ("Team smb", "leads from US go to territory south (before: territory north)"),
        ("Rep rep-2", "gains leads from US by territory south of team smb"),
        ("Rep rep-1", "loses leads from US by territory north of team smb"),
    }


def test_the_order_of_desks_counts_and_that_of_reps_does_not() -> None:
    """The first desk whose condition holds takes a lead; turns are the same in any order."""
    base = load(policies.text())
    reps = dict(reversed(base.reps.items()))
    assert changes(base, base.model_copy(update={"reps": reps})) == ()
    two: dict[str, Any] = {"main": {"teams": ["inside"], "team_rules": []}}
    two["other"] = {"teams": ["field"], "default_team": "field", "fallback_pool": "rest",
                    "pools": [{"pool": "rest", "when": "true"}]}  # fmt: skip
    old = load(policies.text(desks=two))
    new = old.model_copy(update={"desks": dict(reversed(old.desks.items()))})
    (change,) = changes(old, new)
    sentence = "order of desks: now other, main (before: main, other)"
    assert change == Change(EVERYBODY, sentence, ("desks.(order)",))


def test_groups_come_in_the_order_of_whom_they_concern() -> None:
    """All leads, scores, desks, teams, reps; each group once."""
    new = edited(40, 1)
    who = list(dict.fromkeys(each.who for each in changes(DEFAULT, new)))
    everyone = dict.fromkeys(comparison._everyone(DEFAULT, new))
    assert who == [each for each in everyone if each in who]
    assert [each.who for each in changes(DEFAULT, new)] == sorted(
        (each.who for each in changes(DEFAULT, new)), key=who.index
    )
    assert len({each.partition(" ")[0] for each in who}) > 3


def test_what_publishing_adds_is_no_change() -> None:
    """A file against the version that was published from it; two releases are compared."""
    text = FILE.read_text("utf-8")
    released = load(release(text))
    assert changes(released, DEFAULT) == changes(DEFAULT, released) == ()
    other = load(release(text).replace("time_zones:", "time_zones: '1' #"))
    (change,) = changes(released, other)
    assert change.paths == ("release.fingerprints.time_zones",)
