"""What the working days that are left of a limit mean for the people who look at it."""

SOON_DAYS = 1


def light(days_left: int | None) -> str:
    """Return ok, soon (at most one working day left) or overdue; ok when no clock runs."""
    if days_left is None or days_left > SOON_DAYS:
        return "ok"
    return "soon" if days_left >= 0 else "overdue"
