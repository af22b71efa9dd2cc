"""Yes and no in the languages of exports."""

from agents.convert.cells import Reading, narrow

_YES = frozenset(
    {"true", "t", "yes", "y", "1", "x", "on", "checked", "ja", "j", "wahr", "oui", "o", "vrai",
     "si", "s\u00ed", "s\u00ec", "verdadero", "vero", "sim", "verdadeiro", "da", "tak",
     "\u306f\u3044", "\u6709", "\u662f",
     "\u25cb", "\u25ef", "\u2713", "\u2714"}
)  # fmt: skip
_NO = frozenset(
    {"false", "f", "no", "n", "0", "off", "unchecked", "nein", "falsch", "non", "faux", "falso",
     "nao", "n\u00e3o", "nej", "nie", "\u3044\u3044\u3048", "\u7121", "\u5426", "\u00d7", "\u2717"}
)  # fmt: skip


def read_boolean(text: str) -> Reading:
    """True or False; anything else is odd."""
    word = narrow(text).casefold()
    if word in _YES:
        return Reading(value=True)
    if word in _NO:
        return Reading(value=False)
    return Reading(None, "neither yes nor no")
