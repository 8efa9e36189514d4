"""`lockgate recall`: closed at once and seen closed, in this process or by the one that works the home."""

from .commands import Place


def test_a_recalled_item_is_closed_listed_and_lifted_again(carried: Place) -> None:
    place = carried
    key = place.ok("item", "list", "--held", "live", "--outcome", "written")["rows"][0]["key"]
    told = place.ok("recall", key, "--reason", "the model withdrew consent")
    assert [(one["key"], one["closed"]) for one in told["rows"]] == [(key, True)]
    assert place.ok("item", "show", key)["place"]["held"] == "hidden"
    assert not place.ok("item", "look", key, status=1)["allowed"]
    (row,) = place.ok("recall")["rows"]
    assert (row["key"], row["reason"]) == (key, "the model withdrew consent")
    assert place.ok("recall", key, "--lift")["lifted"] == [key]
    assert place.ok("recall")["rows"] == []
    lifted = place.ok("item", "show", key)
    assert lifted["place"]["held"] == "live", f"{lifted['outcome']}: {lifted['reason']} ({lifted['parked']})"


def test_a_recall_without_a_reason_is_wrong_use(carried: Place) -> None:
    key = carried.ok("item", "list", "--held", "live")["rows"][0]["key"]
    assert carried("recall", key).status == 2
    assert carried("recall", "no-such-number", "--lift", "--flow", "no-such-flow").status == 2
