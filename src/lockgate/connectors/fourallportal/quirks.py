"""What public material on 4ALLPORTAL leaves open or every tenant names otherwise: the one place to set it right."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from lockgate.kit.contract import setting
from lockgate.kit.paging import exact_totals

Count = Annotated[int, Field(ge=1, le=1000)]


class Quirks(BaseModel):
    """Inferred behaviour and tenants' own names, each with the guess that our sandbox shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # names of the tenant
    file_module: str = setting("Module of the files", default="file")
    product_module: str = setting("Module of the products", default="product")
    folder_module: str = setting("Module of the folders", default="folder")
    modules: tuple[str, ...] = setting(
        "Further modules whose webhooks are listened to",
        default=(),
        help="Each is a kind of its own name. For reading and writing they need not be named: the portal lists its modules.",
    )
    key_field: str = setting(
        "Unique text field that keeps our key, of files and of every module that is written", default="ext_id"
    )
    name_field: str = setting("Field of a file's name", default="name")
    media_type_field: str = setting("Field of a file's media type", default="mimetype")
    size_field: str = setting("Field of a file's length in bytes", default="file_size")
    folder_field: str = setting("Field of the folder a file lies in", default="parent_id")
    read_only_fields: tuple[str, ...] = setting(
        "Fields that only the portal fills",
        default=("parent_path", "path", "mimetype", "file_size", "width", "height", "friendlyname"),
        help="The schema does not say which.",
    )
    object_page: str = setting("Address of an object's page for people, with {module} and {id}", default="")

    folder_name_field: str = setting("Field of a folder's name", default="name")
    variant_field: str = setting(
        "Link field of a variant that leads to what it is a variant of", default="parent_product"
    )

    # state
    status_field: str = setting("Field of the status, of files and of other modules", default="status")
    hidden_status: str = setting("Status of a copy that may not be used", default="archived")
    shown_status: str = setting("Status of a copy that may be used", default="approved")
    publish_fields: tuple[str, ...] = setting(
        "Fields that publish an object to channels; all are switched off when it is hidden",
        default=("publish_webshop", "publish_marketplace"),
        help="What stands after the last underscore is the channel's name.",
    )

    # languages
    locales: dict[str, str] = setting(
        "The tenant's locale for each language",
        default={"de": "de_DE", "en": "en_US"},
        help="Texts in others are left out.",
    )
    default_locale: str = setting("Locale of texts without a language", default="en_US")

    # files
    upload_path: str = setting("Where new files are posted", default="/api/modules/{module}/objects")
    replace_path: str = setting("Where a file is replaced", default="/api/modules/{module}/objects/{id}/media/original")
    upload_folder: str = setting("Id of the folder for new files; empty takes the tenant's default", default="")
    original_usage: str = setting(
        "Name under which the original file is read",
        default="Original",
        help="In small letters where that is not found.",
    )
    renditions: tuple[str, ...] = setting(
        "Previews and download profiles that are offered as renditions", default=(), help="Such as large, web, print."
    )

    # searches
    search_param: str = setting("Query parameter of conditions", default="query")
    sort_param: str = setting("Query parameter of sorting", default="sort")
    total_param: str = setting("Query parameter that asks for the total", default="totalCount")
    exact_totals: bool = exact_totals()
    page_size_params: tuple[str, ...] = setting("Query parameters of the page size", default=("limit", "count"))
    page_size: Count = setting(
        "Objects a page", default=250, help="250 is the largest page of the vendor's own; smaller answers do no harm."
    )
    ids_per_search: Count = setting("Values in one condition", default=50)
    condition_length: Annotated[int, Field(ge=200)] = setting(
        "Characters of values in one condition", default=3000, help="Addresses have a limited length."
    )

    # feeds
    file_feed: str = setting("Connector whose events tell of changed files", default="all_file")
    product_feed: str = setting("Connector whose events tell of changed products", default="all_product")
    module_feed: str = setting(
        "Connector whose events tell of changed objects of a further module", default="all_{module}"
    )
    channel_feed: str = setting("Connector that shows what a channel is given", default="{channel}_{module}")
    feed_zone: str = setting("Time zone of the feed's times", default="UTC", help="Such as Europe/Berlin.")

    # history
    audit_path: str = setting(
        "Where the history of an object is read", default="/api/modules/{module}/objects/{id}/audit"
    )

    versions_path: str = setting(
        "Where versions of an object are kept", default="/api/modules/{module}/objects/{id}/versions"
    )

    # writes
    batch: Count = setting("Objects in one write", default=50, help="A batch is stored whole or not at all.")
    main_image_field: str = setting(
        "Single link of a product that is filled with the first image; empty leaves it alone", default="main_image"
    )
    settle_seconds: Annotated[float, Field(ge=0, le=10)] = setting(
        "Pause before links are read back",
        default=0.2,
        help="Long enough for others who read the links before us and write them after us.",
    )
    step_refused: str = setting("Word by which a 409 tells that a status step is not allowed", default="transition")
    value_taken: str = setting("Word by which a 409 tells that another object has a unique value", default="unique")
    locale_refused: str = setting("Word by which a 400 tells that it does not know a locale", default="locale")

    @field_validator("feed_zone")
    @classmethod
    def is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("Give a time zone such as Europe/Berlin") from error
        return value
