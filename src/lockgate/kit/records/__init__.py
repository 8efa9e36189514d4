"""Records: flat maps of names to values, as feeds, tables, webhooks and sidecars have them, and the items they state.

`words` recognises columns, `values` reads what people write into them, `items` makes the item.
"""
