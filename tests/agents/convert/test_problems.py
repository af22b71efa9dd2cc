"""What is said about rows."""

from agents.convert.problems import ConversionError, OutputError, RowProblem


def test_a_problem_names_file_line_column_and_outcome() -> None:
    """The user finds the cell in an editor."""
    problem = RowProblem(17, "Email", "not an e-mail address", rejected=False)
    assert problem.sentence("a.csv") == "a.csv, line 17, column 'Email': not an e-mail address."
    refused = RowProblem(18, None, "the row is empty", rejected=True)
    assert refused.sentence("a.csv") == "a.csv, line 18: row left out: the row is empty."


def test_wrong_input_and_a_full_disk_have_their_exit_codes() -> None:
    """Contract, section 1: 2 for invalid input, 1 for a failure at run time."""
    assert ConversionError("x").exit_code == 2
    assert OutputError("x").exit_code == 1
