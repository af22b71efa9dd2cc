"""How leads were shared out, worked out from the records of the decisions alone."""
