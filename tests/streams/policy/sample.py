"""A small policy as text, for tests that break it in one place."""

SAMPLE = """\
# A comment of the author: é
name: sample
default_desk: main
desks:
  main:
    teams: [smb, field]
    default_team: smb
    team_rules:
      - when: employees >= 500
        team: field
    pools:
      - pool: hot
        when: score >= 80
      - pool: warm
        when: |
          score >= 50
            && status == "mql"
    fallback_pool: warm
  other:
    teams: [far]
    default_team: far
    pools: [{pool: spare, when: "true"}]
    fallback_pool: spare
scoring:
  attributes:
    - {rule: size, when: employees >= 100, points: 10}
    - rule: title
      when: title.matches("(?i)chief")
      points: 5
  behaviour:
    pricing_view: {points: 10, most: 30}
teams:
  smb:
    manager: rep-1
    zone: America/New_York
    holidays: US
    territories:
      - territory: north
        countries: [NO, US]
        states: [US-NY]
        reps: [rep-1, rep-2]
    specialties:
      - {specialty: banks, when: industry == "bank", reps: [rep-2]}
    rotation: [rep-1, rep-2]
    on_call: [rep-2]
    waiting: {alert_after: 5min}
  field: {manager: rep-3, zone: Europe/London}
  far: {manager: rep-4, zone: Asia/Tokyo}
reps:
  rep-1: {team: smb, backup: rep-2}
  rep-2:
    team: smb
    weight: 50
    hours: {days: [mon, tue], begin: '22:00', end: '06:00'}
  rep-3: {team: field, zone: Europe/Paris}
  rep-4: {team: far}
"""


def broken(old: str, new: str) -> str:
    """The sample with one passage replaced; the passage must be there exactly once."""
    assert SAMPLE.count(old) == 1, f"{old!r} is in the sample {SAMPLE.count(old)} times"
    return SAMPLE.replace(old, new)


def place(text: str, passage: str) -> tuple[int, int]:
    """Line and column (from 1) at which a passage begins; it must be there exactly once."""
    assert text.count(passage) == 1, f"{passage!r} is in the text {text.count(passage)} times"
    before = text[: text.index(passage)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
