"""Invented names for the people of the demo city; the same place gives the same name."""

from itertools import islice
from math import gcd

SURNAMES = "黎宋骆韩温简姚纪傅葛陶裴袁卢崔阮施柏童岳晏霍祁沈苗蓝闻尹"
FIRST = "晓明嘉文思雨泽清若书云景亦知远承佳舒映"
SECOND = "禾舟岚宁安溪然言林川南雯轩青乔怡航棠恬宜"
STRIDE = 3613  # without a common factor with the number of names, so that none comes twice


def people_names(count: int) -> tuple[str, ...]:
    """Return `count` different names of three characters; ValueError when there are not enough."""
    total = len(SURNAMES) * len(FIRST) * len(SECOND)
    if count > total or gcd(STRIDE, total) != 1:
        raise ValueError(f"{total} names can be told apart, {count} are wanted")
    return tuple(islice((_name(place * STRIDE % total) for place in range(total)), count))


def _name(number: int) -> str:
    rest, second = divmod(number, len(SECOND))
    surname, first = divmod(rest, len(FIRST))
    return SURNAMES[surname] + FIRST[first] + SECOND[second]
