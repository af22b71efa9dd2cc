"""What a framework asked and the person has not yet said."""

from streams.rules.qualification import answers, merged, missing


def test_elements_have_one_name() -> None:
    """Timing is an alias of timeline (decision 29); unknown elements are kept."""
    assert answers({"Timing": " Q3 ", "Economic Buyer": "CFO", "x": ""}) == {
        "economic_buyer": "CFO", "timeline": "Q3", "x": "",
    }  # fmt: skip


def test_never_asked_is_not_missing() -> None:
    """Without a question there is no gap."""
    assert missing({}) == ()


def test_the_rest_of_the_framework_that_was_asked_is_missing() -> None:
    """BANT where it fits, else the first that holds all answers; else only the blanks."""
    assert missing({"budget": "10k", "need": ""}) == ("authority", "need", "timeline")
    assert missing({"authority": "yes", "urgency": "now"}) == ("need", "money")
    assert missing({"budget": "10k", "champion": ""}) == ("champion",)


def test_a_later_blank_takes_nothing_back() -> None:
    """A form that shows the question again does not unsay the answer."""
    assert merged({"need": "crm"}, {"need": "", "budget": ""}) == {"budget": "", "need": "crm"}
    assert merged({"need": "crm"}, {"need": "erp"}) == {"need": "erp"}
