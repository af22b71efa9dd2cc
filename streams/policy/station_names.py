"""What the stations of a lead's ways are called (`streams.policy.endings`)."""

START = "a lead"
NURTURE, ARCHIVE, CLOSED = "nurture", "archive", "closed"


def at_desk(name: str) -> str:
    """The station at which a desk chooses among its teams."""
    return f"desk {name}"


def again(desk: str) -> str:
    """The station of a lead that a rep had: perhaps another team, but without its push list."""
    return f"{desk}: routed again"


def missed(desk: str) -> str:
    """The station at which the team is chosen for a lead that its rep did not answer."""
    return f"{desk}: not answered"


def at_team(name: str) -> str:
    """The station at which a team's push list decides."""
    return f"team {name}"


def pools_of(desk: str) -> str:
    """The station at which a desk chooses among its pools."""
    return f"{desk}: pools"


def pool(name: str) -> str:
    """The station of a pool."""
    return f"pool {name}"


def tier(team: str, name: str) -> str:
    """The station of one of a team's tiers."""
    return f"{team}: {name.replace('_', ' ')}"


def hot_lane(team: str) -> str:
    """The station of leads over the hot lane's score that have no owner (decision 13)."""
    return f"{team}: hot lane"


def fallback(team: str) -> str:
    """The station behind a team's last tier, whatever its tiers are (decision 24)."""
    return f"{team}: fallback"


def nobody(team: str) -> str:
    """The station behind all tiers and the fallback."""
    return f"{team}: nobody eligible"


def waiting(team: str) -> str:
    """A team's part of the waiting room."""
    return f"{team}: waiting room"


def offered(team: str) -> str:
    """A race for a lead of the team's hot lane: several reps have an offer."""
    return f"{team}: offered to several"


def rep(team: str) -> str:
    """With one of a team's reps, whose contact clock runs."""
    return f"{team}: with a rep"


def overdue(team: str) -> str:
    """The station of a lead that its rep did not answer."""
    return f"{team}: not answered"


def manager(team: str) -> str:
    """The station at which a team's manager is asked for."""
    return f"{team}: manager"


def kept(team: str) -> str:
    """With a team's manager, without a clock."""
    return f"{team}: kept by the manager"
