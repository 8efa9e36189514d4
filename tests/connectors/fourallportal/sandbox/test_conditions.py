"""Conditions against an evaluator of their own: another parser's worth of meaning, built with the text it belongs to."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lockgate.connectors.fourallportal.sandbox.conditions import Column, condition
from lockgate.connectors.fourallportal.sandbox.query import parse

Row = dict[str, list[Any]]
Case = tuple[str, Callable[[Row], bool]]
"""A condition as text, and what it must answer."""

TEXTS = st.text(alphabet="aAb'%_ é", max_size=4)
NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, -1.25, 2e1]))
ROWS = st.fixed_dictionaries(
    {
        "name": st.lists(TEXTS, max_size=3),
        "price": st.lists(NUMBERS, max_size=1),
        "shown": st.lists(st.booleans(), max_size=1),
    }
)
COLUMNS: dict[str, Column[Row]] = {
    "name": Column("text", lambda row: row["name"]),
    "price": Column("number", lambda row: row["price"]),
    "shown": Column("boolean", lambda row: row["shown"]),
}
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: not left > right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: not left < right,
}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def glob(pattern: str) -> str:
    """LIKE in the words of file name patterns."""
    return "".join({"%": "*", "_": "?"}.get(one, f"[{one}]") for one in pattern.lower())


def compared(field: str, literals: st.SearchStrategy[Any], shown: Callable[[Any], str]) -> st.SearchStrategy[Case]:
    def case(sign: str, literal: Any, gap: str) -> Case:
        return (
            f"{field}{gap}{sign}{gap}{shown(literal)}",
            lambda row: any(SIGNS[sign](one, literal) for one in row[field]),
        )

    signs = st.sampled_from(sorted(SIGNS) if field != "shown" else ["=", "!="])
    return st.builds(case, signs, literals, st.sampled_from(["", " "]))


def like(pattern: str, negated: bool) -> Case:
    word = "NOT LIKE" if negated else "like"
    shape = glob(pattern)
    return (
        f"name {word} {quoted(pattern)}",
        lambda row: any(fnmatchcase(one.lower(), shape) != negated for one in row["name"]),
    )


def among(literals: list[float], negated: bool) -> Case:
    word = "not in" if negated else "IN"
    shown = ", ".join(map(repr, literals))
    return f"price {word} ({shown})", lambda row: any((one in literals) != negated for one in row["price"])


def null(field: str, negated: bool) -> Case:
    return f"{field} IS {'NOT ' if negated else ''}NULL", lambda row: (row[field] == []) != negated


PREDICATES = st.one_of(
    compared("name", TEXTS, quoted),
    compared("price", NUMBERS, repr),
    compared("shown", st.booleans(), lambda one: str(one).upper()),
    st.builds(like, TEXTS, st.booleans()),
    st.builds(among, st.lists(NUMBERS, min_size=1, max_size=3), st.booleans()),
    st.builds(null, st.sampled_from(sorted(COLUMNS)), st.booleans()),
)


def composed(inner: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    """Factors in brackets or after NOT, and flat rows of AND and OR, where AND must bind more tightly."""

    def flat(first: Case, rest: list[tuple[str, Case]]) -> Case:
        text = first[0] + "".join(f" {word} {case[0]}" for word, case in rest)
        terms = [[first[1]]]
        for word, case in rest:
            if word == "OR":
                terms.append([])
            terms[-1].append(case[1])
        return f"({text})", lambda row: any(all(test(row) for test in term) for term in terms)

    def turned(case: Case) -> Case:
        return f"NOT {case[0]}", lambda row: not case[1](row)

    pairs = st.tuples(st.sampled_from(["AND", "OR"]), inner)
    return st.one_of(st.builds(turned, inner), st.builds(flat, inner, st.lists(pairs, min_size=1, max_size=4)))


CONDITIONS = st.recursive(PREDICATES, composed, max_leaves=8)


@given(CONDITIONS, st.lists(ROWS, max_size=6))
def test_a_condition_holds_exactly_where_it_should(case: Case, rows: list[Row]) -> None:
    text, expected = case
    holds = condition(parse(text), COLUMNS)
    assert [holds(row) for row in rows] == [expected(row) for row in rows], text


@given(st.text(alphabet="ab%_", max_size=12), st.text(alphabet="ab", max_size=40))
def test_like_agrees_with_file_name_patterns(pattern: str, text: str) -> None:
    holds = condition(parse(f"name LIKE {quoted(pattern)}"), COLUMNS)
    assert holds({"name": [text]}) == fnmatchcase(text, glob(pattern))


def test_no_pattern_makes_like_slow() -> None:
    holds = condition(parse(f"name LIKE '{'%a' * 60}%b'"), COLUMNS)
    assert not holds({"name": ["a" * 3000]})
