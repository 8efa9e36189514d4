"""What the main documents look like, for the API's description. Tests hold each to its schema."""

from typing import Any

ACCOUNT = {
    "read": 24, "written": 17, "unchanged": 0, "blocked": 6, "parked": 1, "failed": 0, "linked": 17, "withdrawn": 0,
    "bytes": 559465, "balanced": True,
    "reasons": {"approved.no": 2, "window.ended": 1, "window.not_yet": 1, "rights.territory": 1, "rights.unknown": 1,
                "product.missing": 1},
}  # fmt: skip
RUN = {
    "id": "20261121T135135699758-0001-assets-to-pim",
    "flow": "assets-to-pim",
    "kind": "full",
    "state": "done",
    "started": "2026-11-21T13:51:35.699758Z",
    "finished": "2026-11-21T13:51:35.981213Z",
    "account": ACCOUNT,
    "total": 24,
    "done": 1.0,
    "seconds": 0.281,
    "items_per_second": 85.3,
    "bytes_per_second": 1987760.0,
    "seconds_left": None,
    "note": "",
    "params": {},
}
PLAN = {
    "id": "20261121T135022712100-0000-assets-to-pim",
    "flow": "assets-to-pim",
    "state": "ready",
    "created": "2026-11-21T13:50:22.712100Z",
    "account": {**ACCOUNT, "linked": 0, "bytes": 0},
    "summary": {"create": 17, "link": 17},
    "note": "",
    "run": None,
}
FLOW = {
    "name": "assets-to-pim",
    "title": "Approved assets reach their products in the PIM",
    "recipe": "approved-assets-to-products",
    "state": "active",
    "working": True,
    "problem": None,
    "source": "celum-demo",
    "target": "portal-demo",
    "created": "2026-11-21T13:51:35.643126Z",
    "version": 1,
    "counts": {"written": 17, "blocked": 6, "parked": 1},
    "held": {"none": 7, "live": 17, "hidden": 0},
    "blocked": 6,
    "waiting": 0,
    "parked": 1,
    "halted": None,
    "running": [],
    "last_run": RUN,
}
ITEM = {
    "flow": "assets-to-pim",
    "key": "100003",
    "title": "Mug, white",
    "outcome": "written",
    "code": "",
    "reason": "delivered",
    "held": "live",
    "identifiers": {"sku": ["LG-MUG"]},
    "at": "2026-11-21T13:51:35.955970Z",
    "since": "2026-11-21T13:51:35.955970Z",
    "source": "celum-demo",
    "kind": "asset",
    "url": None,
    "due": "2026-12-31T23:00:00Z",
    "verdicts": [
        {
            "gate": "it may be used now",
            "decision": "allow",
            "reason": "it may be used until 2026-12-31 23:00 UTC",
            "code": "window.open",
            "until": "2026-12-31T23:00:00Z",
            "words": "“it may be used now” lets it through: it may be used until 2026-12-31 23:00 UTC",
        }
    ],
    "place": {
        "connection": "portal-demo",
        "kind": "asset",
        "held": "live",
        "words": "visible at portal-demo since 2026-11-21 13:51:35 UTC",
        "ref": "3860f721-2ca2-4893-ac36-907bfcd2de9e",
        "url": None,
        "file_version": "100004",
        "filename": "LG-MUG.jpg",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "since": "2026-11-21T13:51:35.955970Z",
        "links": [
            {
                "kind": "product",
                "id": "f7c1bd87-4da5-4709-9471-3d60c8a70639",
                "field": "images",
                "since": "2026-11-21T13:51:35.956938Z",
            }
        ],
        "fields": {"title": {"en": "Mug, white"}, "usage_rights": "distribute in DE, AT, CH"},
    },
    "choice": None,
    "parked": None,
}
PARKED = {
    "flow": "assets-to-pim",
    "key": "100013",
    "title": "Backpack, plum",
    "code": "product.missing",
    "reason": "portal-demo has no product with sku LG-BAG-PLUM; it goes on by itself once there is one",
    "waits": ["a product with sku LG-BAG-PLUM at portal-demo"],
    "since": "2026-11-21T13:51:35.957051Z",
    "tries": 0,
    "next_try": None,
    "choosable": True,
}
CONNECTION = {
    "name": "celum-demo",
    "connector": "celum",
    "title": "CELUM Content",
    "state": "ready",
    "problem": None,
    "checked_at": "2026-11-21T13:51:35.511738Z",
    "info": {
        "product": "CELUM Content",
        "version": "6.19.1",
        "account": "svc-connector",
        "notes": ["The account sees 24 assets."],
    },
    "flows": ["assets-to-pim"],
}
CHANGE = {
    "key": "100003",
    "title": "Mug, white",
    "actions": ["update", "link"],
    "fields": [{"field": "usage_rights", "before": "distribute in DE", "after": "distribute in DE, AT, CH"}],
    "file_before": "LG-MUG.jpg",
    "file_after": "LG-MUG.jpg",
    "links": ["f7c1bd87-4da5-4709-9471-3d60c8a70639"],
    "reason": "",
}
EXAMPLES: dict[str, Any] = {
    "AccountView": ACCOUNT,
    "ChangeView": CHANGE,
    "ConnectionLine": CONNECTION,
    "Errors": {"errors": ["flow 'assets-to-pim' is paused: resume it first"]},
    "FlowLine": FLOW,
    "ItemView": ITEM,
    "ParkedView": PARKED,
    "PlanView": PLAN,
    "RunView": RUN,
}
"""By the name of the schema."""
