"""Publishers, dates, sales rights, relations."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Field, Inner, Shape
from lockgate.kit.onix.kept import Kept
from lockgate.kit.onix.shapes.parts import PRODUCT_ID, TERRITORY, WEBSITE, dated, identifier, many, texts

RESTRICTION = Inner(
    "SalesRestriction",
    "restrictions",
    many=True,
    shape=Shape(
        records.Restriction,
        Field("SalesRestrictionType", "type"),
        Inner(
            "SalesOutlet",
            "outlets",
            many=True,
            shape=Shape(
                records.Outlet,
                identifier("SalesOutletIdentifier", "SalesOutletIDType"),
                Field("SalesOutletName", "name"),
            ),
        ),
        texts("SalesRestrictionNote", "notes"),
        Field("StartDate", "start"),
        Field("EndDate", "end"),
    ),
)
PUBLISHING = Shape(
    object,
    Inner(
        "Imprint",
        "imprints",
        many=True,
        shape=Shape(records.Imprint, identifier("ImprintIdentifier", "ImprintIDType"), Field("ImprintName", "name")),
    ),
    Inner(
        "Publisher",
        "publishers",
        many=True,
        shape=Shape(
            records.Publisher,
            Field("PublishingRole", "role"),
            identifier("PublisherIdentifier", "PublisherIDType"),
            Field("PublisherName", "name"),
            Kept("Funding"),
            WEBSITE,
        ),
    ),
    many("CityOfPublication", "cities"),
    Field("CountryOfPublication", "country"),
    Kept("ProductContact"),
    Field("PublishingStatus", "status"),
    texts("PublishingStatusNote", "status_notes"),
    dated("PublishingDate", "PublishingDateRole"),
    Field("LatestReprintNumber", "reprint"),
    Inner(
        "CopyrightStatement",
        "copyrights",
        many=True,
        shape=Shape(
            records.Copyright,
            Field("CopyrightType", "type"),
            many("CopyrightYear", "years"),
            Inner(
                "CopyrightOwner",
                "owners",
                many=True,
                shape=Shape(
                    records.CopyrightOwner,
                    identifier("CopyrightOwnerIdentifier", "CopyrightOwnerIDType"),
                    Field("PersonName", "person"),
                    Field("CorporateName", "corporate"),
                ),
            ),
        ),
    ),
    Inner(
        "SalesRights",
        "sales_rights",
        many=True,
        shape=Shape(
            records.SalesRights,
            Field("SalesRightsType", "type"),
            TERRITORY,
            RESTRICTION,
            PRODUCT_ID,
            Field("PublisherName", "publisher"),
        ),
    ),
    Field("ROWSalesRightsType", "rest_of_world"),
    RESTRICTION,
)
RELATED = Shape(
    object,
    Inner(
        "RelatedWork",
        "related_works",
        many=True,
        shape=Shape(
            records.RelatedWork, Field("WorkRelationCode", "relation"), identifier("WorkIdentifier", "WorkIDType")
        ),
    ),
    Inner(
        "RelatedProduct",
        "related_products",
        many=True,
        shape=Shape(
            records.RelatedProduct,
            many("ProductRelationCode", "relations"),
            PRODUCT_ID,
            Field("ProductForm", "form"),
            many("ProductFormDetail", "form_details"),
        ),
    ),
)
