"""The words for a difference: each kind of change as a sales manager reads it."""

import pytest

from streams.policy.comparison import EVERYBODY, SCORES
from streams.policy.sentences import NOTHING, THEN, WHAT, some
from tests.streams.policy.sample import broken
from tests.streams.policy.test_comparison import said
from tests.streams.policy.test_default_policy import sections


@pytest.mark.parametrize(
    ("old", "new", "who", "sentence"),
    [
        ("name: sample", "name: x\nhigh_score: 60", EVERYBODY,
         "leads have high priority from this score on: 60 (before: 80)"),
        ("name: sample", "name: x\nidentity: {unknown_most: 9}", EVERYBODY,
         ("identity: unknown most: 9 (before: 100) (Events that wait for one unknown identifier; "
          "more are rejected at once)")),
        ("100, points: 10}", "100, points: 11}", SCORES,
         "score rule size: points: 11 (before: 10)"),
        ("pricing_view: {points: 10", "pricing_view: {points: 9", SCORES,
         "behaviour pricing_view: points each time: 9 (before: 10)"),
        ("scoring:\n", "scoring:\n  source_points: {webinar: 5}\n", SCORES,
         "points of source webinar: 5 (before: none)"),
        ("fallback_pool: warm", "fallback_pool: hot", "Desk main",
         "pool of the leads that fit no other: hot (before: warm)"),
        ("teams: [smb, field]", "teams: [field, smb]", "Desk main",
         "teams: now field, smb (before: smb, field)"),
        ("      - pool: hot\n        when: score >= 80\n", "", "Desk main",
         "pool hot is gone: its leads are decided on again"),
        ("        team: field\n", "        team: smb\n", "Desk main",
         "rule employees >= 500: goes to team: smb (before: field)"),
        ("on_call: [rep-2]", "on_call: []", "Team smb",
         "reps on call outside their hours: no longer rep-2, now none at all (before: rep-2)"),
        ("on_call: [rep-2]", "tiers: [round_robin, account]", "Team smb",
         ("tiers by which a rep is found: no longer named_account, territory, specialty, "
          "now round_robin, account (before: account, named_account, territory, specialty, "
          "round_robin)")),
        ("alert_after: 5min", "alert_after: 10min", "Team smb",
         "waiting: alert when nobody is eligible for: 10min (before: 5min)"),
        ("on_call: [rep-2]", "push: {all: true}", "Team smb",
         "push: every lead goes to a rep, none to a pool: true (before: false)"),
        ("    holidays: US\n", "", "Team smb", "keeps the public holidays of: none (before: US)"),
        ("{team: smb, backup: rep-2}", "{team: smb}", "Rep rep-1",
         "who takes over what he does not answer: nobody (before: rep-2)"),
        ("begin: '22:00'", "begin: '21:30'", "Rep rep-2",
         "hours: work begins at: 21:30 (before: 22:00)"),
        ("    hours: {days: [mon, tue], begin: '22:00', end: '06:00'}\n", "", "Rep rep-2",
         "hours: work ends at: the team's (before: 06:00)"),
        ("rep-4: {team: far}", "rep-4: {team: far, open_limit: 3}", "Rep rep-4",
         "open leads at which he gets no more: 3 (before: the team's)"),
    ],
)  # fmt: skip
def test_each_kind_of_change_has_its_sentence(old: str, new: str, who: str, sentence: str) -> None:
    """Limits, hours, zones, backups, tiers, push list, clocks, pools, desks, points."""
    found = said(broken(old, new))
    assert sentence in found.get(who, []), found


def test_a_team_that_goes_to_another_desk_is_refused_with_leads_in_play() -> None:
    """Design, section 3: the sentence says so; another order of the same teams harms nobody."""
    text = broken("teams: [smb, field]", "teams: [smb]").replace(
        "teams: [far]", "teams: [far, field]"
    )
    text = text.replace("        team: field\n", "        team: smb\n")
    assert said(text)["Desk other"] == [
        "teams: now also field (before: far); this is refused while leads of the desk are in play"
    ]


def test_what_is_too_much_for_a_sentence_is_counted() -> None:
    """Hundreds of holidays are no sentence."""
    assert some([str(number) for number in range(30)]).endswith("22, 23 and 6 more")
    assert some(["a", "b"]) == "a, b"


def test_words_belong_to_fields_that_there_are() -> None:
    """A field that is gone from the policy must go from the words, too."""
    fields = {f"{each.__name__}.{name}" for each in sections() for name in each.model_fields}
    assert {*WHAT, *NOTHING, *THEN} <= fields
