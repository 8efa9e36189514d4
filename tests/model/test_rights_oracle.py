"""`decide` against an oracle that knows no rules of containment, only a small world counted out place by place.

The oracle lists, for every code, the places that surely belong to it and those that may; a use is allowed when no
prohibition in force may touch it and each of its places is surely covered by some permission in force.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate.model.rights import ANY, UNKNOWN, Match, Period, Rights, Rule, Scope, Use, decide, decide_all

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=1)
LAST = 6

GERMANY = {"munich", "berlin", "hamburg"}
SURELY: dict[str, dict[str, set[str]]] = {
    "territories": {
        "DE": GERMANY,
        "DE-BY": {"munich"},
        "DE-BE": {"berlin"},
        "AT": {"vienna"},
        "CH": {"zurich"},
        "LI": {"vaduz"},
        "DACH": GERMANY | {"vienna", "zurich"},
        "US": {"los angeles", "new york"},
        "US-CA": {"los angeles"},
        "PR": {"san juan"},
        "WORLD": GERMANY | {"vienna", "zurich", "vaduz", "los angeles", "new york", "san juan", "anywhere else"},
        "Atlantis": set(),
    },
    "channels": {"web": {"web"}, "print": {"print"}, "pim": {"pim"}},
    "languages": {"de": {"de of Germany", "de of Austria"}, "de-AT": {"de of Austria"}, "fr": {"french"}},
}
PERHAPS = {"territories": {"US": {"san juan"}, "Atlantis": SURELY["territories"]["WORLD"]}}
ASKED = {"territories": "territory", "channels": "channel", "languages": "language"}


@dataclass
class Oracle:
    """Answers by counting. Scopes it does not know of are not part of the small world."""

    rights: Rights | None

    def allows(self, use: Use, step: int) -> bool:
        if self.rights is None:
            return False
        if any(
            self.in_force(rule, step, doubtful=True) and self.touches(rule, use) for rule in self.rights.prohibitions
        ):
            return False
        valid = [rule for rule in self.rights.permissions if self.in_force(rule, step, doubtful=False)]
        return all(any(self.covers(rule, use, place) for rule in valid) for place in self.places(use))

    def in_force(self, rule: Rule, step: int, *, doubtful: bool) -> bool:
        at, start, end = START + STEP * step, rule.period.from_, rule.period.until
        if start is not None and end is not None and end <= start:
            return doubtful
        return not (start is not None and at < start) and not (end is not None and at >= end)

    def places(self, use: Use) -> set[str | None]:
        """None stands for a place that is not known."""
        named = SURELY["territories"][use.territory] if use.territory is not None else set()
        return set(named) or {None}

    def covers(self, rule: Rule, use: Use, place: str | None) -> bool:
        if rule.action not in {use.action, "use"}:
            return False
        for dimension, asked in ASKED.items():
            scope, word = getattr(rule, dimension), getattr(use, asked)
            if scope == ANY:
                continue
            if scope == UNKNOWN or word is None or (dimension == "territories" and place is None):
                return False
            held = set().union(*(SURELY[dimension][code] for code in scope))
            wanted = {place} if dimension == "territories" else SURELY[dimension][word]
            if not wanted <= held:
                return False
        return True

    def touches(self, rule: Rule, use: Use) -> bool:
        if rule.action != use.action and "use" not in {rule.action, use.action}:
            return False
        for dimension, asked in ASKED.items():
            scope, word = getattr(rule, dimension), getattr(use, asked)
            if isinstance(scope, str) or not scope or word is None:
                continue
            held = set().union(*(self.perhaps(dimension, code) for code in scope))
            if not held & self.perhaps(dimension, word):
                return False
        return True

    def perhaps(self, dimension: str, code: str) -> set[str]:
        return SURELY[dimension][code] | PERHAPS.get(dimension, {}).get(code, set())


def scopes(dimension: str) -> st.SearchStrategy[Scope]:
    words = st.frozensets(st.sampled_from(sorted(SURELY[dimension])), max_size=3)
    return st.one_of(st.just(ANY), st.just(UNKNOWN), words, words, words)


moments = st.one_of(st.none(), st.integers(0, LAST).map(lambda step: START + STEP * step))
actions = st.sampled_from(["distribute", "distribute", "distribute", "print", "use"])
rules = st.builds(
    Rule,
    action=actions,
    territories=scopes("territories"),
    channels=st.one_of(st.just(ANY), scopes("channels")),
    languages=st.one_of(st.just(ANY), scopes("languages")),
    period=st.builds(Period, moments, moments),
)
wholes = st.builds(
    Rights, permissions=st.lists(rules, max_size=4).map(tuple), prohibitions=st.lists(rules, max_size=2).map(tuple)
)


def words(dimension: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), *[st.sampled_from(sorted(SURELY[dimension]))] * 4)


uses = st.builds(
    Use, action=actions, territory=words("territories"), channel=words("channels"), language=words("languages")
)
steps = st.integers(0, LAST)
thorough = settings(max_examples=150, deadline=None)


CODES = sorted(SURELY["territories"])
PLACES: list[Scope] = [ANY, UNKNOWN, frozenset(), *(frozenset({code}) for code in CODES)]
LISTS: list[Scope] = [
    *PLACES,
    *(frozenset(pair) for pair in itertools.combinations(CODES, 2)),
    frozenset({"DE", "AT", "CH"}),
]
EDGES = (None, 0, 1, 2)


def period(start: int | None, end: int | None) -> Period:
    return Period(*(None if step is None else START + STEP * step for step in (start, end)))


def test_every_list_of_places_with_every_prohibition_is_decided_as_counted() -> None:
    for permitted, prohibited, place in itertools.product(LISTS, [None, *PLACES], [None, *CODES]):
        forbidden = () if prohibited is None else (Rule(territories=prohibited),)
        rights = Rights(permissions=(Rule(territories=permitted),), prohibitions=forbidden)
        use = Use(territory=place)
        assert decide(rights, use, START).allows == Oracle(rights).allows(use, 0), (permitted, prohibited, place)


def test_permissions_that_only_together_cover_a_group_are_decided_as_counted() -> None:
    for several, place in itertools.product(itertools.combinations(PLACES, 3), ["DACH", "DE", "WORLD"]):
        rights = Rights(permissions=tuple(Rule(territories=scope) for scope in several))
        use = Use(territory=place)
        assert decide(rights, use, START).allows == Oracle(rights).allows(use, 0), (several, place)


def timed() -> Iterator[Rights]:
    """Every permission beside every prohibition or second permission, as far as their periods differ."""
    for ends in itertools.product(EDGES, repeat=4):
        first, second = Rule(period=period(*ends[:2])), Rule(period=period(*ends[2:]))
        yield Rights(permissions=(first,), prohibitions=(second,))
        yield Rights(permissions=(first, second))


def test_every_pair_of_periods_opens_and_closes_as_counted_and_says_when() -> None:
    for rights, step in itertools.product(timed(), range(-1, 4)):
        oracle, verdict = Oracle(rights), decide(rights, Use(), START + STEP * step)
        assert verdict.allows == oracle.allows(Use(), step), (rights, step)
        later = [n for n in range(step + 1, 5) if oracle.allows(Use(), n) is not verdict.allows]
        assert not later or (verdict.due is not None and verdict.due <= START + STEP * later[0]), (rights, step)
        assert verdict.due is None or verdict.due > START + STEP * step


def test_every_pair_of_places_is_matched_as_asked() -> None:
    for permitted, prohibited, match in itertools.product(PLACES, ["AT", "US"], Match):
        rights = Rights(
            permissions=(Rule(territories=permitted),), prohibitions=(Rule(territories=frozenset({prohibited})),)
        )
        for pair in itertools.product(CODES, repeat=2):
            several = [Use(territory=place) for place in pair]
            answers = [Oracle(rights).allows(use, 0) for use in several]
            expected = all(answers) if match is Match.EVERY else any(answers)
            assert decide_all(rights, several, START, match).allows == expected, (rights, pair, match)


@thorough
@given(rights=st.one_of(st.none(), wholes), use=uses, step=steps)
def test_a_verdict_is_what_counting_every_place_gives(rights: Rights | None, use: Use, step: int) -> None:
    assert decide(rights, use, START + STEP * step).allows == Oracle(rights).allows(use, step)


@thorough
@given(rights=wholes, use=uses, step=steps)
def test_nothing_changes_before_the_instant_a_verdict_names(rights: Rights, use: Use, step: int) -> None:
    at, oracle = START + STEP * step, Oracle(rights)
    verdict = decide(rights, use, at)
    later = [n for n in range(step + 1, LAST + 2) if oracle.allows(use, n) is not verdict.allows]
    if later:
        assert verdict.due is not None
        assert at < verdict.due <= START + STEP * later[0]
    if verdict.due is not None:
        assert verdict.due > at


@thorough
@given(rights=wholes, more=rules, use=uses, step=steps)
def test_one_more_prohibition_never_opens_anything(rights: Rights, more: Rule, use: Use, step: int) -> None:
    stricter = msgspec.structs.replace(rights, prohibitions=(*rights.prohibitions, more))
    at = START + STEP * step
    assert decide(rights, use, at).allows or not decide(stricter, use, at).allows


@thorough
@given(rights=wholes, use=uses, step=steps, dimension=st.sampled_from(sorted(ASKED)))
def test_knowing_less_never_opens_anything(rights: Rights, use: Use, step: int, dimension: str) -> None:
    def forget(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(msgspec.structs.replace(rule, **{dimension: UNKNOWN}) for rule in rules)

    vague = Rights(permissions=forget(rights.permissions), prohibitions=forget(rights.prohibitions))
    at = START + STEP * step
    assert not decide(vague, use, at).allows
    asked_less = msgspec.structs.replace(use, **{ASKED[dimension]: None})
    if decide(rights, asked_less, at).allows:
        assert decide(rights, use, at).allows
