"""What the rig's connectors make of its records."""

from bench.rig.connectors.rigsource.connector import spans


def test_records_that_follow_each_other_are_asked_for_together() -> None:
    assert list(spans([7, 3, 1, 2, 8])) == [(1, 3), (7, 2)]


def test_no_record_is_no_call() -> None:
    assert list(spans([])) == []
