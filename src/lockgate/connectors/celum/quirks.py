"""What the documents of the Content API leave open: the one place to set it right for a real server."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lockgate.kit.contract import setting
from lockgate.kit.paging import exact_totals

Count = Annotated[int, Field(ge=1, le=1000)]


class Quirks(BaseModel):
    """Inferred behaviour, each with the guess that our sandbox shares. Everything else in this connector is documented."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    page_size: Count = setting(
        "Assets a page",
        default=200,
        help="Public clients use 200; a maximum is not documented, smaller pages are fine.",
    )
    ids_per_search: Count = setting("Asset ids in one search", default=200)
    hidden_is_403_with_entity: bool = setting(
        "A missing asset is answered 403 with `entity`", default=True, help="If not, every 403 is about the account."
    )
    overlap_seconds: Annotated[int, Field(ge=0)] = setting(
        "Seconds a poll looks back behind the newest change", default=300
    )
    versioned_filter: bool = setting(
        "Search for new versions by ASSET_VERSIONED_DATE_RANGE",
        default=True,
        help="For versions that leave `modification` alone.",
    )
    entity_type: str = setting(
        "`entityType` that asks for the fields of assets", default="ASSET", help="Empty leaves it out."
    )
    collection_entity_type: str = setting(
        "`entityType` that asks for the fields of collections", default="COLLECTION", help="Empty leaves it out."
    )
    relation_entity_type: str = setting(
        "`entityType` that asks for the fields of relations", default="RELATION", help="Empty leaves it out."
    )
    exact_totals: bool = exact_totals()
    reference_lookup: bool = setting("Look up references without a name by GET /collections?ids=", default=True)
    checksum: Literal["auto", "none"] = setting(
        "How `fileChecksum` is compared",
        default="auto",
        help="auto: by the algorithm its length tells. none: not at all.",
    )
    last_day_counts: bool = setting("`availability.to` includes the whole day it names", default=False)
    availability_absent: Literal["closed", "open"] = setting(
        "What an asset without `availability` is", default="closed", help="Unknown is closed unless you know better."
    )
    key_field: str = setting(
        "Text field that keeps our key, of assets and of collections",
        default="external-id",
        help="By its name. Only needed to write: what we wrote is found again by it.",
    )
    default_locale: str = setting("Locale of texts without a language", default="en")
    create_tags: bool = setting("Make tags that are missing", default=True)
    upload_method: Literal["POST", "PUT"] = setting("Method that sends a file's bytes", default="POST")
    job_seconds: Annotated[float, Field(gt=0)] = setting("Seconds a download job may take", default=600)
    job_poll_seconds: Annotated[float, Field(gt=0)] = setting("Pause between two looks at a download job", default=2)
    cora_ids_per_search: Count = setting(
        "Asset ids in one CORA filter", default=40, help="Addresses have a limited length."
    )
    cora_original: str = setting("Number of CORA's download format of originals", default="1")
    signature_header: str = setting("Header of the webhook signature", default="X-CELUM-Signature")
    signature_prefix: str = setting("What stands before the hex digest in it", default="sha256=")
    asset_page: str = setting("Address of an asset's page for people, with {id}", default="")
