"""Every kind of mistake in a policy is answered with its line, its column and its reason."""

import pytest

from streams.policy.compiled import compile_policy
from streams.policy.problems import PolicyError
from tests.streams.policy.sample import SAMPLE, broken, place

# What is replaced, by what, where the problem begins, words of the reason.
SHAPE = [
    ("name: sample\n", "", "default_desk: main", "'name' is missing"),
    ("name: sample", "name: a b", "name: a b", "not spelt as wanted"),
    ("weight: 50", "wieght: 50", "wieght", "did you mean 'weight'?"),
    ("weight: 50", "weight: -5", "weight: -5", "greater than or equal to 1, not -5"),
    ("weight: 50", "weight: '50'", "weight: '50'", "write a whole number, not '50'"),
    ("weight: 50", "weight: 1.5", "weight: 1.5", "write a whole number, not 1.5"),
    ("weight: 50", "weight: true", "weight: true", "write a whole number, not True"),
    ("weight: 50", "weight:", "weight:", "write a whole number, not None"),
    ("weight: 50", "weight: [1]", "weight: [1]", "write a whole number"),
    ("reps: [rep-1, rep-2]", "reps: []", "reps: []", "at least 1"),
    ("reps: [rep-1, rep-2]", "reps: rep-1", "reps: rep-1", "write a list"),
    ("pricing_view: {", "pricing_view: {mots: 3, ", "mots", "did you mean 'most'?"),
    ("alert_after: 5min", "alert_after: 5", "alert_after: 5", "with its unit"),
    ("alert_after: 5min", "alert_after: 5 parsecs", "alert_after: 5", "with its unit"),
    ("alert_after: 5min", "alert_after: 9999d", "alert_after: 9", "longer than ten years"),
    ("begin: '22:00'", "begin: '25:00'", "begin: '25:00'", "time of day"),
    ("days: [mon, tue]", "days: [mon, tues]", "tues]", "did you mean 'tue'?"),
    ("countries: [NO, US]", "countries: [NO, usa]", "usa", "two capital letters"),
    ("name: sample", "name: s\nregions: {nordic: [no]}", "no]", "two capital letters"),
    ("name: sample", "name: s\nregions: {nordic: []}", "nordic", "at least 1"),
    ("name: sample", "name: s\nregions: {'the north': [NO]}", "'the north'", "such as rep-101"),
    ("waiting: {alert_after: 5min}", "notify: [slcak]", "slcak", "did you mean 'slack'?"),
    ("holidays: US", "holidays: false", "holidays: false", "write text"),
    ("  far: {manager: rep-4, zone: Asia/Tokyo}", "  far: {zone: UTC}", "far: {z", "'manager'"),
    ("rep-4: {team: far}", "rep-4: far", "rep-4: far", "write a mapping"),
    ("rep-4: {team: far}", "rep 4: {team: far}", "rep 4", "not spelt as wanted"),
    ("  rep-4: {team: far}\n", "  rep-4:\n", "rep-4:\n", "write a mapping"),
]
YAML = [
    ("weight: 50", "team: far", "team: far\n    h", "already given in line 52"),
    ("  rep-4: {team: far}", "  rep-1: {team: far}", "rep-1: {team: far}", "stands here again"),
    ("    weight: 50", "\tweight: 50", "\tweight: 50", "tab"),
    ("weight: 50", "weight: &a 50", "&a 50", "anchors"),
    ("weight: 50", "weight: *a", "*a", "anchors"),
    ("weight: 50", "weight: !!int 50", "!!int 50", "tags"),
    ("name: sample", "? [a]\n: b\nname: sample", "[a]", "a key must be a single word"),
    ("name: sample", "name: 'sample", None, "this is not YAML"),
    ("name: sample", "name: [sample", None, "this is not YAML"),
    ("name: sample", "name: s: bad", ": bad", "this is not YAML"),
    ("# A comment", "%YAML 1.1\n---\n# A comment", "---", "begin with %"),
    ("reps:\n", "---\nreps:\n", "---\nreps", "one document"),
    ("name: sample", 'name: "\\ud800"', '"\\ud800"', "names no character"),
    ("name: sample", "name: " + "[" * 40, None, "nested deeper"),
]
NAMES = [
    ("default_desk: main", "default_desk: mian", "default_desk: mian", "did you mean 'main'?"),
    ("teams: [smb, field]", "teams: [smb, feild]", "feild", "did you mean 'field'?"),
    ("teams: [far]", "teams: [far, smb]", "smb]\n    default_team: far", "in a desk already"),
    ("teams: [smb, field]", "teams: [smb]", "field: {manager", "in no desk"),
    ("default_team: far", "default_team: smb", "default_team: smb\n    pools", "team of this desk"),
    ("team: field\n", "team: fiel\n", "team: fiel\n", "team of this desk"),
    ("fallback_pool: warm", "fallback_pool: wram", "fallback_pool: wram", "mean 'warm'?"),
    ("pool: spare, ", "pool: hot, ", "pool: hot, ", "called 'hot' already"),
    ("rep-3: {team: field", "rep-3: {team: smb", "field: {manager", "has no rep"),
    ("rep-3: {team: field", "rep-3: {team: feild", "team: feild", "did you mean 'field'?"),
    ("manager: rep-1", "manager: rep-9", "manager: rep-9", "no rep is called 'rep-9'"),
    ("manager: rep-1", "manager: rep-4", "manager: rep-4\n", "works at another desk"),
    ("backup: rep-2", "backup: rep-9", "backup: rep-9", "no rep is called"),
    ("backup: rep-2", "backup: rep-1", "backup: rep-1", "own backup"),
    ("backup: rep-2", "backup: rep-4", "backup: rep-4", "another desk"),
    ("weight: 50", "backup: rep-1", "backup: rep-2", "circle: rep-1 -> rep-2 -> rep-1"),
    ("rotation: [rep-1, rep-2]", "rotation: [rep-1, rep-3]", "rep-3]", "is in team 'field'"),
    ("rotation: [rep-1, rep-2]", "rotation: [rep-1, rep-1]", "rep-1]", "in this list already"),
    ("reps: [rep-1, rep-2]", "reps: [rep-1, rep-4]", "rep-4]", "is in team 'far'"),
    ("reps: [rep-2]}", "reps: [rep-8]}", "rep-8]}", "no rep is called"),
    ("on_call: [rep-2]", "on_call: [rep-3]", "rep-3]", "is in team 'field'"),
    ("countries: [NO, US]", "countries: [NO, XX]", "XX]", "ISO 3166 country"),
    ("states: [US-NY]", "states: [NY]", "NY]", "write it such as US-CA"),
    ("zone: Asia/Tokyo", "zone: Asia/Tokio", "zone: Asia/Tokio", "mean 'Asia/Tokyo'?"),
    ("zone: Europe/Paris", "zone: ../../etc", "zone: ../../etc", "not an IANA time zone"),
    ("holidays: US", "holidays: XX", "holidays: XX", "no country with known holidays"),
    ("end: '06:00'", "end: '22:00'", "end: '22:00'", "ends when it begins"),
    ("days: [mon, tue]", "days: []", "days: []", "at least one day"),
    ("begin: '22:00'", "begin: '24:00'", "begin: '24:00'", "cannot begin at 24:00"),
    ("pricing_view: {", "pricing_veiw: {", "pricing_veiw", "did you mean 'pricing_view'?"),
    ("rule: size", "rule: title", "rule: title, when", "several rules"),
    ("name: sample", "name: s\nhigh_score: 101", "high_score", "outside the scores, 0 to 100"),
    ("on_call: [rep-2]", "hot_lane: {over: 100}", "over: 100", "no score, or every score"),
    ("on_call: [rep-2]", "hot_lane: {over: 78}", "over: 78", "write 79 or more"),
    ("on_call: [rep-2]", "hot_lane: {over: high}", "over: high", "write a whole number"),
    ("on_call: [rep-2]", "hot_lane: {rotation: [rep-3]}", "rep-3]", "is in team 'field'"),
    ("on_call: [rep-2]", "hot_lane: {method: rase}", "method: rase", "did you mean 'race'?"),
    ("on_call: [rep-2]", "hot_lane: {offers: 1}", "offers: 1", "greater than or equal to 2"),
    ("on_call: [rep-2]", "hot_lane: {offer_for: 0s}", "offer_for: 0s", "lasts no time"),
    ("on_call: [rep-2]", "hot_lane: {target: 30}", "target: 30", "with its unit"),
    ("name: sample", "name: s\nnurture_grades: [G]", "G]", "no grade is called 'G'"),
    ("name: sample", "name: s\ncalendar: {last_year: 2024}", "last_year", "before the first"),
    (
        "  behaviour:\n",
        "  grades: [{grade: A, score: 50}, {grade: B, score: 60}]\n  behaviour:\n",
        "score: 60}",
        "must be below the score of grade A, 50",
    ),
    (
        "  behaviour:\n",
        "  grades: [{grade: B, score: 50}, {grade: A, score: 0}]\n  behaviour:\n",
        "grade: A, ",
        "best grade first",
    ),
    (
        "  behaviour:\n",
        "  grades: [{grade: A, score: 50}, {grade: B, score: 20}]\n  behaviour:\n",
        "score: 20}",
        "scores from 0 on need a grade",
    ),
    (
        "  behaviour:\n",
        "  grades: [{grade: A, score: 500}, {grade: B, score: 0}]\n  behaviour:\n",
        "score: 500",
        "nobody reaches it",
    ),
    ("  behaviour:\n", "  grades: []\n  behaviour:\n", "grades: []", "at least one grade"),
    ("  behaviour:\n", "  most: 0\n  behaviour:\n", "most: 0\n", "above `least`"),
    ("on_call: [rep-2]", "tiers: []", "tiers: []", "at least one tier"),
    (
        "      - territory: north\n        countries: [NO, US]\n        states: [US-NY]\n",
        "      - territory: north\n",
        "territory: north",
        "say where it is",
    ),
    ("countries: [NO, US]", "regions: [nroth]", "nroth]", "no region is called 'nroth'"),
    ("countries: [NO, US]", "metropolitan_areas: [oslo]", "oslo]", "no metropolitan area is"),
    ("countries: [NO, US]", "cities: [Oslo, ' ']", "' ']", "the name of a city"),
    ("countries: [NO, US]", "postal_prefixes: ['- ']", "'- ']", "1 to 10 letters or digits"),
    ("countries: [NO, US]", "industries: [it, '&']", "'&']", "no letter or digit"),
    (
        "countries: [NO, US]",
        "employees: {least: 50, most: 49}",
        "most: 49",
        "not be below `least`, which is 50",
    ),
    ("on_call: [rep-2]", "expanded_territory: [rep-3]", "rep-3]", "is in team 'field'"),
    (
        "rep-3, zone: Europe/London}",
        "rep-3, zone: Europe/London, expanded_territory: [rep-3]}",
        "expanded_territory",
        "nothing is expanded",
    ),
    ("name: sample", "name: s\nregions: {nordic: [NO, XX]}", "XX]", "ISO 3166 country"),
    ("name: sample", "name: s\nregions: {nordic: [NO, NO]}", "NO]}", "in this list already"),
    (
        "name: sample",
        "name: s\nmetropolitan_areas: {oslo: {countries: [NO]}}",
        "oslo",
        "which places belong to it",
    ),
    (
        "name: sample",
        "name: s\nmetropolitan_areas: {oslo: {states: [03], cities: [Oslo]}}",
        "03]",
        "write text",
    ),
    (
        "name: sample",
        "name: s\nmetropolitan_areas: {oslo: {states: ['03'], cities: [Oslo]}}",
        "'03']",
        "write it such as US-CA",
    ),
]
CONDITIONS = [
    ("employees >= 500", "employes >= 500", "employes >", "did you mean 'employees'?"),
    ("employees >= 500", "employees >= 1.5", ">= 1.5", "'>=' cannot be applied to int and double"),
    ("employees >= 500", "employees", "employees\n", "must be true or false"),
    ("employees >= 500", "title == 'x'", "title == 'x'", "only while a lead is scored"),
    ("employees >= 100", "score >= 100", "score >= 100", "only after a lead is scored"),
    ('status == "mql"', 'statsu == "mql"', "statsu", "did you mean 'status'?"),
    ('when: "true"', 'when: "1 + * 2"', "* 2", "this is not a condition"),
    ('when: "true"', 'when: "score / 0 > 1"', "score / 0", "this fails for every lead"),
    ('when: "true"', 'when: ""', 'when: ""', "at least 1 character"),
    ("(?i)chief", "(?i)chief(", '"(?i)chief("', "the pattern of matches() is not valid"),
    ('industry == "bank"', "industry.lower()", "(), reps", "'lower' is not a fact"),
]


@pytest.mark.parametrize(("old", "new", "where", "words"), [*SHAPE, *YAML, *NAMES, *CONDITIONS])
def test_each_mistake_is_reported_at_its_place(
    old: str, new: str, where: str | None, words: str
) -> None:
    """Bad input: one sentence with line, column and reason for every mistake."""
    text = broken(old, new)
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    problems = caught.value.problems
    assert any(words in problem.reason for problem in problems), problems
    if where is not None:
        found = next(problem for problem in problems if words in problem.reason)
        assert (found.line, found.column) == place(text, where)


def test_without_a_mistake_there_is_no_problem() -> None:
    """Twin of the table: its base is accepted, so each problem comes from its mistake."""
    assert compile_policy(SAMPLE, 1).document.name == "sample"


def test_several_mistakes_are_reported_together_in_the_order_of_the_text() -> None:
    """One run of the check shows all that it can know."""
    text = broken("backup: rep-2", "backup: rep-9").replace("[NO, US]", "[NO, XX]")
    text = text.replace("employees >= 500", "employes >= 500")
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    assert [problem.line for problem in caught.value.problems] == [9, 39, 50]
    assert str(caught.value).splitlines()[0] == (
        "line 9, column 15 (desks.main.team_rules[0].when): "
        "'employes' is not a fact about a lead; did you mean 'employees'?"
    )


def test_a_rep_in_two_teams_is_refused_with_both_lines() -> None:
    """A rep has one team: writing the rep down twice repeats a key."""
    text = SAMPLE + "  rep-1: {team: field}\n"
    with pytest.raises(PolicyError, match=r"^line 57, column 3 .*already given in line 50$"):
        compile_policy(text, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1: the policy is empty"),
        ("\n  # only a comment\n", "a policy is a mapping"),
        ("- a\n- b\n", "line 1, column 1: a policy is a mapping"),
        ("just words", "a policy is a mapping"),
        (b"name: \xff\xfe", "line 1, column 1: the text is not UTF-8"),
        (b"a: b\nname: \xe9", "line 2, column 1: the text is not UTF-8"),
        ("\ud800", "not UTF-8"),
        (b"PK\x03\x04\x00\x00", "not allowed in YAML"),
        ("name: a\x07b", "line 1, column 8: this character is not allowed"),
        ("a: " + "x" * 1_000_001, "at most"),
        ('"\\UFFFFFFFF"', "names no character"),
        ("[" * 500_000, "nested deeper"),
        ("a: " + "{a: " * 100_000, "nested deeper"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "anchors"),
    ],
)
def test_text_that_is_no_policy_at_all_is_refused_at_once(text: str | bytes, words: str) -> None:
    """Empty, binary, oversize and malicious texts are answered in words, in bounded time."""
    with pytest.raises(PolicyError) as caught:
        compile_policy(text, 1)
    assert words in str(caught.value)


def test_a_flood_of_mistakes_is_cut_off() -> None:
    """The first hundred are enough to begin with."""
    with pytest.raises(PolicyError) as caught:
        compile_policy(SAMPLE + "".join(f"more-{count}: 1\n" for count in range(1000)), 1)
    first = SAMPLE.count("\n") + 1
    assert [problem.line for problem in caught.value.problems] == list(range(first, first + 100))
