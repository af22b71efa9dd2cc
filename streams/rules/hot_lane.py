"""Which leads take the hot lane: they wait for nobody's claim (LANE-01; decisions 13 and 40)."""


def takes(score: int, over: int | None, *, owned: bool) -> bool:
    """Whether the score is over the lane's; an owner comes before it, whatever the score.

    `over` None: there is no lane.
    """
    return over is not None and score > over and not owned
