"""The account of a run: read = written + unchanged + blocked + parked + failed."""

from hypothesis import given
from hypothesis import strategies as st

from lockgate.model.plan import Account, Outcome

SETTLED = st.lists(st.tuples(st.sampled_from(Outcome), st.sampled_from(["", "rights.territory", "product.missing"])))


def account(settled: list[tuple[Outcome, str]]) -> Account:
    made = Account()
    for outcome, code in settled:
        made.count(outcome, code)
    return made


@given(first=SETTLED, second=SETTLED)
def test_pages_add_up_to_the_run_and_balance(
    first: list[tuple[Outcome, str]], second: list[tuple[Outcome, str]]
) -> None:
    run = account(first)
    run.add(account(second))
    assert run == account(first + second)
    assert run.balanced()
    assert run.read == len(first) + len(second)


def test_an_item_that_left_without_an_outcome_is_noticed() -> None:
    run = account([(Outcome.WRITTEN, "")])
    run.read += 1
    assert not run.balanced()


def test_reasons_are_counted_for_what_did_not_arrive_only() -> None:
    run = account([(Outcome.BLOCKED, "rights.territory"), (Outcome.WRITTEN, "rights.territory"), (Outcome.PARKED, "x")])
    assert run.reasons == {"rights.territory": 1, "x": 1}
