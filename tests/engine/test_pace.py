"""How many items a run takes at a time: as many as are swift, and few while somebody waits."""

from lockgate.engine.stretch import Pace


def test_chunks_shrink_where_they_take_long_and_grow_again_where_they_do_not() -> None:
    pace = Pace(lambda: False, files=False)
    before = pace.size
    pace.took(before, 5.0)
    assert pace.size < before
    while pace.size < before:
        pace.took(pace.size, 0.01)
    pace.took(pace.size, 0.01)
    assert pace.size == before


def test_while_events_are_worked_beside_chunks_are_small_and_nothing_is_learned_from_them() -> None:
    events: list[str] = []
    pace = Pace(lambda: bool(events), files=False)
    alone = pace.size
    events.append("somebody waits for this")
    assert pace.size * 4 <= alone
    pace.took(pace.size, 0.01)
    events.clear()
    assert pace.size == alone
