"""What public material on 4ALLPORTAL leaves open or every tenant names otherwise: the one place to set it right."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lockgate.kit.contract import setting

Count = Annotated[int, Field(ge=1, le=1000)]


class Quirks(BaseModel):
    """Inferred behaviour and tenants' own names, each with the guess that our sandbox shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_module: str = setting("Module of the files", default="file")
    product_module: str = setting("Module of the products", default="product")
    key_field: str = setting("Unique text field of the file module that keeps our key", default="ext_id")
    file_feed: str = setting("Connector whose events tell of changed files", default="all_file")
    product_feed: str = setting("Connector whose events tell of changed products", default="all_product")
    upload_path: str = setting("Where new files are posted", default="/api/modules/{module}/objects")
    replace_path: str = setting("Where a file is replaced", default="/api/modules/{module}/objects/{id}/media/original")
    upload_folder: str = setting("Id of the folder for new files; empty takes the tenant's default", default="")
    original_usage: str = setting("Name under which the original file is read", default="Original")
    search_param: str = setting("Query parameter of conditions", default="query")
    sort_param: str = setting("Query parameter of sorting", default="sort")
    page_size_params: tuple[str, ...] = setting("Query parameters of the page size", default=("limit", "count"))
    page_size: Count = setting(
        "Objects a page", default=250, help="250 is the largest page the vendor's own pages use."
    )
    ids_per_search: Count = setting("Values in one condition", default=50, help="Addresses have a limited length.")
    batch: Count = setting("Objects in one write", default=50, help="A batch is stored whole or not at all.")
    status_field: str = setting("Field of the file's status", default="status")
    hidden_status: str = setting("Status of a copy that may not be used", default="archived")
    shown_status: str = setting("Status of a copy that may be used", default="approved")
    publish_fields: tuple[str, ...] = setting(
        "Fields that publish a file to channels; all are switched off when it is hidden",
        default=("publish_webshop", "publish_marketplace"),
    )
    locales: dict[str, str] = setting(
        "The tenant's locale for each language",
        default={"de": "de_DE", "en": "en_US"},
        help="Texts in others are left out.",
    )
    default_locale: str = setting("Locale of texts without a language", default="en_US")
    main_image_field: str = setting(
        "Single link that is filled with the first image; empty leaves it alone", default="main_image"
    )
