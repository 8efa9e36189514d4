"""What a verdict says, and its code, for the cases people ask about."""

from datetime import UTC, datetime, timedelta

import pytest

from lockgate.model.rights import UNKNOWN, Duty, Match, Period, Rights, Rule, Use, decide, decide_all, summary

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PIM = Use(territory="DE", channel="pim")


def allowed_in(*territories: str, **other: object) -> Rights:
    return Rights(permissions=(Rule(territories=frozenset(territories), **other),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rights", "code"),
    [
        (None, "rights.unknown"),
        (Rights(), "rights.unknown"),
        (Rights(permissions=(Rule(territories=UNKNOWN),)), "rights.unknown"),
        (allowed_in("DE", period=Period(NOW, NOW - DAY)), "rights.unknown"),
        (allowed_in("US"), "rights.territory"),
        (allowed_in("DE", channels=frozenset({"web"})), "rights.channel"),
        (allowed_in("DE", languages=frozenset({"de"})), "rights.language"),
        (allowed_in("DE", action="print"), "rights.action"),
        (allowed_in("DE", period=Period(until=NOW)), "rights.expired"),
        (allowed_in("DE", period=Period(NOW + DAY)), "rights.not_yet"),
        (
            Rights(
                permissions=(
                    Rule(territories=frozenset({"DE"}), channels=frozenset({"web"})),
                    Rule(territories=frozenset({"US"}), channels=frozenset({"pim"})),
                )
            ),
            "rights.uncovered",
        ),
        (Rights(permissions=(Rule(),), prohibitions=(Rule(territories=frozenset({"EU"})),)), "rights.prohibited"),
        (allowed_in("DE"), "rights.permitted"),
    ],
)
def test_the_code_says_which_kind_of_reason_decided(rights: Rights | None, code: str) -> None:
    assert decide(rights, PIM, NOW).code == code


def test_a_print_only_cover_is_not_cleared_for_web() -> None:
    verdict = decide(Rights(permissions=(Rule(channels=frozenset({"print"})),)), Use(channel="web"), NOW)
    assert not verdict.allows
    assert verdict.reason == "channel web is not permitted: permitted is print"


def test_a_denial_names_the_market_and_what_is_permitted_instead() -> None:
    rights = allowed_in("DE", "AT")
    verdict = decide_all(rights, [Use(territory=code) for code in ("DE", "AT", "CH")], NOW)
    assert verdict.reason == "territory CH is not permitted: permitted are AT, DE"


def test_one_market_is_enough_where_one_is_asked() -> None:
    uses = [Use(territory="US"), Use(territory="DE")]
    assert decide_all(allowed_in("DE"), uses, NOW, Match.ONE).allows
    assert not decide_all(allowed_in("DE"), uses, NOW, Match.EVERY).allows


def test_no_use_at_all_is_not_allowed() -> None:
    assert not decide_all(allowed_in("DE"), [], NOW, Match.EVERY).allows


def test_a_prohibition_for_a_time_closes_and_opens_again() -> None:
    campaign = Period(NOW, NOW + DAY)
    rights = Rights(permissions=(Rule(),), prohibitions=(Rule(period=campaign),))
    before, within, after = (decide(rights, PIM, at) for at in (NOW - DAY, NOW, NOW + DAY))
    assert [before.allows, within.allows, after.allows] == [True, False, True]
    assert [before.due, within.due, after.due] == [NOW, NOW + DAY, None]


def test_a_prohibition_whose_dates_contradict_each_other_holds_at_any_time() -> None:
    rights = Rights(permissions=(Rule(),), prohibitions=(Rule(period=Period(NOW, NOW - DAY)),))
    assert decide(rights, PIM, NOW + 10 * DAY).code == "rights.prohibited"


def test_a_right_still_to_come_is_named_before_one_that_is_over() -> None:
    over, coming = Rule(period=Period(until=NOW - DAY)), Rule(period=Period(NOW + DAY))
    verdict = decide(Rights(permissions=(over, coming)), PIM, NOW)
    assert (verdict.code, verdict.due) == ("rights.not_yet", NOW + DAY)


def test_german_covers_austrian_german_and_not_the_other_way_round() -> None:
    def permitted(stated: str, wanted: str) -> bool:
        return decide(allowed_in("AT", languages=frozenset({stated})), Use(territory="AT", language=wanted), NOW).allows

    assert permitted("de", "de-AT")
    assert not permitted("de-AT", "de")
    assert not permitted("de", "den")


def test_a_group_may_be_put_together_from_several_permissions() -> None:
    rights = Rights(permissions=tuple(Rule(territories=frozenset({code})) for code in ("DE", "AT", "CH")))
    assert decide(rights, Use(territory="DACH"), NOW).allows
    assert not decide(rights, Use(territory="EU"), NOW).allows


def test_the_summary_shows_limits_and_never_hides_an_unknown_one() -> None:
    rights = Rights(
        permissions=(Rule(territories=frozenset({"DE", "AT"}), period=Period(until=NOW)), Rule(territories=UNKNOWN)),
        prohibitions=(Rule(channels=frozenset({"tv"})),),
        duties=(Duty(action="attribute", text="Photo: A. Person"),),
        statement="editorial use",
    )
    assert summary(rights) == (
        "distribute in AT, DE until 2026-06-01 12:00:00 UTC; distribute (territory not known); "
        "not distribute on tv; attribute: Photo: A. Person; editorial use"
    )
    assert summary(None) == ""
