"""What users of other routers complain of (field notes, section 3), and does not happen here."""
