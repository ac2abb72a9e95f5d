"""The plain model of mandates: what a reader of the document would say, day by day."""

from datetime import timedelta

ONE_DAY = timedelta(days=1)


def plainly_covered(grant, act, day):
    """Return whether a mandate allows an act on a day, each of its words taken by itself."""
    return all(
        [
            grant.power == act.power,
            grant.unit_no == act.unit_no,
            day in days_of(grant, day),
            grant.matter_types == () or act.matter_type in grant.matter_types,
            grant.matters == () or act.matter_no in grant.matters,
            grant.amount_limit is None or act.amount is None or act.amount <= grant.amount_limit,
            grant.region is None or act.region is None or act.region == grant.region,
        ]
    )


def days_of(grant, until):
    """Return the days of a mandate one by one, up to a day; on the day it is revoked it is gone."""
    days, day = set(), grant.valid_from
    while day <= until:
        if day == grant.revoked_on:
            break
        if grant.valid_to is not None and day > grant.valid_to:
            break
        if grant.revoked_on is not None and day > grant.revoked_on:
            break
        days.add(day)
        day += ONE_DAY
    return days
