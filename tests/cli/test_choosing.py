"""`lockgate parked choose`: what misses its product is given one, and what was given can be taken back."""

from .commands import Place


def test_a_parked_item_is_given_a_product_and_left_to_itself_again(carried: Place) -> None:
    place = carried
    key = place.ok("parked", "list", "f", "--reason", "product.missing")["rows"][0]["key"]
    assert place.ok("parked", "choose", "f", key)["rows"] == []
    title = place.ok("item", "list", "--held", "live")["rows"][0]["title"]
    product = place.ok("parked", "choose", "f", key, "--find", title)["rows"][0]["id"]
    told = place.ok("parked", "choose", "f", key, product)
    assert (told["outcome"], told["choice"]["id"]) == ("written", product)
    assert [link["id"] for link in place.ok("item", "show", key)["place"]["links"]] == [product]
    again = place.ok("parked", "choose", "f", key, "--none")
    assert (again["outcome"], again["choice"], again["code"]) == ("parked", None, "product.missing")
    assert place("parked", "choose", "f", key, "no-such-id").status == 2
