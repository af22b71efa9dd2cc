"""The words of a sales manager for what events name by codes. Unknown codes stay as they are."""

WORKS_ACCOUNT = "works_account"
"""Reason for which the account tier gave a lead to somebody who is no owner."""
METHODS = {
    "account": "as owner of the account",
    WORKS_ACCOUNT: "because he works another lead of the account",
    "named_account": "as owner of the named account",
    "territory": "by territory",
    "specialty": "by specialty",
    "round_robin": "by the team's rotation",
    "hot_lane": "through the hot lane",
    "fallback": "as fallback",
    "backup": "as backup",
    "overflow": "by overflow",
    "forced": "by force, because it waited too long",
    "claim": "on a claim",
    "manager": "as manager, because nobody else could take it",
}
WHY_NOT = {
    "pto": "on paid time off",
    "sick": "off sick",
    "all_day_meeting": "in a meeting all day",
    "meeting": "in a meeting",
    "daily_limit": "has had as many leads today as allowed",
    "day_off": "on a day off",
    "not_started": "not here yet",
    "at_capacity": "has as many open leads as allowed",
    "not_logged_in": "not logged in",
    "left": "has left the company",
    "unavailable": "set to unavailable",
    "paused": "paused by a manager",
    "outside_hours": "outside working hours",
    "not_on_call": "not on call now",
    "tried": "had or declined this lead before",
    "offered": "was offered it and did not answer",
    "has_an_offer": "has another lead's offer open",
    "eligible": "could have taken it",
}
TIERS = {
    "account": "owner of the account",
    "named_account": "owner of the named account",
    "territory": "territory",
    "specialty": "specialty",
    "round_robin": "the team's rotation",
    "hot_lane": "hot lane",
    "fallback": "fallback",
    "backup": "backup",
    "manager": "manager",
    "by_hand": "a person's decision",
}
PLACES = {
    "waiting": "the waiting room",
    "assigned": "a rep",
    "pooled": "a pool",
    "nurture": "nurture",
    "quarantine": "quarantine",
    "review": "review",
    "archived": "the archive",
    "converted": "converted",
    "lost": "lost",
    "disqualified": "disqualified",
}
ENDINGS = {
    "reassigned": "it goes to somebody else",
    "returned": "it was given back",
    "closed": "the lead is closed",
    "owner_changed": "the CRM has another owner",
}
KEPT = {
    "manager": "a person gave it by hand, or the manager keeps it",
    "worked": "its rep has been in touch with the person",
    "nobody_eligible": "nobody whose it would be can take it now",
}
ACTIONS = {
    "backup": "somebody else takes over",
    "return_to_pool": "the lead goes back to its pool",
    "alert_manager": "the manager is told",
    "penalty": "it counts against the rep",
}
WITHDRAWN = {
    "taken": "somebody else was faster",
    "declined": "he declined it",
    "expired": "nobody accepted in time",
    "changed": "news about the lead ended the race",
    "policy_changed": "the rules have changed",
    "owner_set": "a person gave the lead away",
}
TIE_BREAKS = {
    "earliest deadline": "whose turn was due first",
    "rep id": "whose turn was due as early as another's; the smaller id goes first",
    "least ahead": "who was ahead of the share by least, for nobody's turn had begun",
    "only one eligible": "who alone could take it",
    "accepted first": "who accepted first",
}


def plain(code: str) -> str:
    """A code as words: no underscores, no prefix marks."""
    return code.replace("_", " ").replace(":", ": ")
