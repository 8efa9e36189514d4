"""The composites of ONIX 3.0 and 3.1 as tables, in the order of the schema: read and written by the same lines.

Elements that are not here have no place in a record; the reader tells which it met.
"""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import (
    Block,
    Bound,
    BoundValue,
    Codes,
    Day,
    Field,
    Flag,
    Inner,
    Number,
    Shape,
    Spoken,
    Told,
)


def identifier(tag: str, type_tag: str, name: str = "identifiers") -> Inner:
    """An identifier composite: they differ in the name of their type only."""
    return Inner(tag, name, many=True, shape=numbered(type_tag))


def numbered(type_tag: str) -> Shape:
    return Shape(records.Identifier, Field(type_tag, "type"), Field("IDTypeName", "name"), Field("IDValue", "value"))


def dated(tag: str, role_tag: str) -> Inner:
    form = Field("DateFormat", "format", written=False)
    return Inner(
        tag, "dates", many=True, shape=Shape(records.Dated, Field(role_tag, "role"), form, Day("Date", "value"))
    )


def texts(tag: str, name: str) -> Told:
    return Told(tag, name, many=True)


def many(tag: str, name: str) -> Field:
    return Field(tag, name, many=True)


PRODUCT_ID = identifier("ProductIdentifier", "ProductIDType")
TERRITORY = Inner(
    "Territory",
    "territory",
    shape=Shape(
        records.Territory,
        Codes("CountriesIncluded", "countries"),
        Codes("RegionsIncluded", "regions"),
        Codes("CountriesExcluded", "countries_excluded"),
        Codes("RegionsExcluded", "regions_excluded"),
    ),
)
WEBSITE = Inner(
    "Website",
    "websites",
    many=True,
    shape=Shape(
        records.Website,
        Field("WebsiteRole", "role"),
        texts("WebsiteDescription", "descriptions"),
        many("WebsiteLink", "links"),
    ),
)
PRIZE = Inner(
    "Prize",
    "prizes",
    many=True,
    shape=Shape(
        records.Prize,
        many("PrizeName", "names"),
        Field("PrizeYear", "year"),
        Field("PrizeCountry", "country"),
        Field("PrizeRegion", "region"),
        Field("PrizeCode", "code"),
        texts("PrizeStatement", "statements"),
        texts("PrizeJury", "juries"),
    ),
)
MEASURE = Inner(
    "Measure",
    "measures",
    many=True,
    shape=Shape(
        records.Measure,
        Field("MeasureType", "type"),
        Field("Measurement", "value"),
        Field("MeasureUnitCode", "unit"),
    ),
)
TITLE = Inner(
    "TitleDetail",
    "titles",
    many=True,
    shape=Shape(
        records.Title,
        Field("TitleType", "type"),
        Inner(
            "TitleElement",
            "elements",
            many=True,
            shape=Shape(
                records.TitleElement,
                Field("SequenceNumber", "sequence"),
                Field("TitleElementLevel", "level"),
                Field("PartNumber", "part_number"),
                Field("YearOfAnnual", "year_of_annual"),
                Spoken("TitleText", "text"),
                Field("TitlePrefix", "prefix"),
                Flag("NoPrefix", "no_prefix"),
                Spoken("TitleWithoutPrefix", "without_prefix"),
                Field("Subtitle", "subtitle"),
            ),
        ),
        Field("TitleStatement", "statement"),
    ),
)
NAME = (
    Field("NameType", "type"),
    identifier("NameIdentifier", "NameIDType"),
    Field("PersonName", "person"),
    Field("PersonNameInverted", "inverted"),
    Field("TitlesBeforeNames", "titles_before"),
    Field("NamesBeforeKey", "before_key"),
    Field("PrefixToKey", "prefix_to_key"),
    Field("KeyNames", "key"),
    Field("NamesAfterKey", "after_key"),
    Field("SuffixToKey", "suffix_to_key"),
    Field("LettersAfterNames", "letters_after"),
    Field("TitlesAfterNames", "titles_after"),
    Field("Gender", "gender"),
    Field("CorporateName", "corporate"),
    Field("CorporateNameInverted", "corporate_inverted"),
)
ALTERNATIVE = Inner("AlternativeName", "alternatives", many=True, shape=Shape(records.Name, *NAME))
AFFILIATION = Inner(
    "ProfessionalAffiliation",
    "affiliations",
    many=True,
    shape=Shape(records.Affiliation, many("ProfessionalPosition", "positions"), Field("Affiliation", "name")),
)
CONTRIBUTOR = Inner(
    "Contributor",
    "contributors",
    many=True,
    shape=Shape(
        records.Contributor,
        Field("SequenceNumber", "sequence"),
        many("ContributorRole", "roles"),
        many("FromLanguage", "from_languages"),
        many("ToLanguage", "to_languages"),
        *NAME,
        Field("UnnamedPersons", "unnamed"),
        ALTERNATIVE,
        dated("ContributorDate", "ContributorDateRole"),
        AFFILIATION,
        PRIZE,
        texts("BiographicalNote", "biographies"),
        WEBSITE,
        texts("ContributorDescription", "descriptions"),
        Inner(
            "ContributorPlace",
            "places",
            many=True,
            shape=Shape(
                records.Place,
                Field("ContributorPlaceRelator", "relation"),
                Field("CountryCode", "country"),
                Field("RegionCode", "region"),
                many("LocationName", "names"),
            ),
        ),
    ),
)
CONTENT_DATE = dated("ContentDate", "ContentDateRole")
AUDIENCES = many("ContentAudience", "audiences")
RATING = Inner(
    "ReviewRating",
    "rating",
    shape=Shape(records.Rating, Field("Rating", "value"), Field("RatingLimit", "limit"), many("RatingUnits", "units")),
)


def feature(tag: str, type_tag: str, value_tag: str, note_tag: str, name: str = "features") -> Inner:
    shape = Shape(records.Feature, Field(type_tag, "type"), Field(value_tag, "value"), texts(note_tag, "notes"))
    return Inner(tag, name, many=True, shape=shape)


COLLATERAL = Shape(
    object,
    Inner(
        "TextContent",
        "texts",
        many=True,
        shape=Shape(
            records.TextContent,
            Field("TextType", "type"),
            AUDIENCES,
            TERRITORY,
            texts("Text", "texts"),
            RATING,
            many("TextAuthor", "authors"),
            Field("TextSourceCorporate", "source"),
            many("SourceTitle", "source_titles"),
            CONTENT_DATE,
        ),
    ),
    Inner(
        "CitedContent",
        "citations",
        many=True,
        shape=Shape(
            records.CitedContent,
            Field("CitedContentType", "type"),
            AUDIENCES,
            TERRITORY,
            Field("SourceType", "source_type"),
            RATING,
            many("SourceTitle", "source_titles"),
            many("ListName", "list_names"),
            Field("PositionOnList", "list_position"),
            texts("CitationNote", "notes"),
            many("ResourceLink", "links"),
            CONTENT_DATE,
        ),
    ),
    Inner(
        "SupportingResource",
        "resources",
        many=True,
        shape=Shape(
            records.Resource,
            Field("ResourceContentType", "type"),
            AUDIENCES,
            TERRITORY,
            Field("ResourceMode", "mode"),
            feature("ResourceFeature", "ResourceFeatureType", "FeatureValue", "FeatureNote"),
            Inner(
                "ResourceVersion",
                "versions",
                many=True,
                shape=Shape(
                    records.ResourceVersion,
                    Field("ResourceForm", "form"),
                    feature("ResourceVersionFeature", "ResourceVersionFeatureType", "FeatureValue", "FeatureNote"),
                    many("ResourceLink", "links"),
                    CONTENT_DATE,
                ),
            ),
        ),
    ),
    PRIZE,
)
FORM = (
    Field("ProductForm", "form"),
    many("ProductFormDetail", "form_details"),
    feature(
        "ProductFormFeature",
        "ProductFormFeatureType",
        "ProductFormFeatureValue",
        "ProductFormFeatureDescription",
        "form_features",
    ),
    Field("ProductPackaging", "packaging"),
    texts("ProductFormDescription", "form_descriptions"),
)


def constraint(prefix: str, name: str) -> Inner:
    limit = Shape(
        records.UsageLimit,
        Field("Quantity", "quantity"),
        Field("EpubUsageUnit" if prefix == "EpubUsage" else "PriceConstraintUnit", "unit"),
    )
    return Inner(
        "EpubUsageConstraint" if prefix == "EpubUsage" else prefix,
        name,
        many=True,
        shape=Shape(
            records.UsageConstraint,
            Field(f"{prefix}Type", "type"),
            Field(f"{prefix}Status", "status"),
            Inner(f"{prefix}Limit", "limits", many=True, shape=limit),
        ),
    )


LICENCE = Inner(
    "EpubLicense",
    "licence",
    shape=Shape(
        records.Licence,
        texts("EpubLicenseName", "names"),
        Inner(
            "EpubLicenseExpression",
            "expressions",
            many=True,
            shape=Shape(
                records.LicenceExpression,
                Field("EpubLicenseExpressionType", "type"),
                Field("EpubLicenseExpressionTypeName", "name"),
                Field("EpubLicenseExpressionLink", "link"),
            ),
        ),
    ),
)
DESCRIPTIVE = Shape(
    object,
    Field("ProductComposition", "composition"),
    *FORM,
    Field("TradeCategory", "trade_category"),
    Field("PrimaryContentType", "primary_content_type"),
    many("ProductContentType", "content_types"),
    MEASURE,
    Field("CountryOfManufacture", "country_of_manufacture"),
    many("EpubTechnicalProtection", "protections"),
    constraint("EpubUsage", "usage"),
    LICENCE,
    many("MapScale", "map_scales"),
    Inner(
        "ProductClassification",
        "classifications",
        many=True,
        shape=Shape(
            records.Classification,
            Field("ProductClassificationType", "type"),
            Field("ProductClassificationTypeName", "name"),
            Field("ProductClassificationCode", "code"),
            Field("Percent", "percent"),
        ),
    ),
    Inner(
        "ProductPart",
        "components",
        many=True,
        shape=Shape(
            records.Component,
            Flag("PrimaryPart", "primary"),
            PRODUCT_ID,
            *FORM,
            many("ProductContentType", "content_types"),
            MEASURE,
            Field("NumberOfItemsOfThisForm", "items"),
            Field("NumberOfCopies", "copies"),
            Field("CountryOfManufacture", "country"),
        ),
    ),
    Inner(
        "Collection",
        "collections",
        many=True,
        shape=Shape(
            records.Collection,
            Field("CollectionType", "type"),
            Field("SourceName", "source"),
            identifier("CollectionIdentifier", "CollectionIDType"),
            Inner(
                "CollectionSequence",
                "sequences",
                many=True,
                shape=Shape(
                    records.CollectionSequence,
                    Field("CollectionSequenceType", "type"),
                    Field("CollectionSequenceTypeName", "name"),
                    Field("CollectionSequenceNumber", "number"),
                ),
            ),
            TITLE,
            CONTRIBUTOR,
            texts("ContributorStatement", "statements"),
        ),
    ),
    Flag("NoCollection", "no_collection"),
    TITLE,
    Field("ThesisType", "thesis_type"),
    Field("ThesisPresentedTo", "thesis_presented_to"),
    Field("ThesisYear", "thesis_year"),
    CONTRIBUTOR,
    texts("ContributorStatement", "contributor_statements"),
    Flag("NoContributor", "no_contributor"),
    many("EditionType", "edition_types"),
    Field("EditionNumber", "edition_number"),
    Field("EditionVersionNumber", "edition_version"),
    texts("EditionStatement", "edition_statements"),
    Flag("NoEdition", "no_edition"),
    Inner(
        "Language",
        "languages",
        many=True,
        shape=Shape(
            records.Language,
            Field("LanguageRole", "role"),
            Field("LanguageCode", "code"),
            Field("CountryCode", "country"),
            Field("RegionCode", "region"),
            Field("ScriptCode", "script"),
        ),
    ),
    Inner(
        "Extent",
        "extents",
        many=True,
        shape=Shape(
            records.Extent,
            Field("ExtentType", "type"),
            Field("ExtentValue", "value"),
            Field("ExtentValueRoman", "roman"),
            Field("ExtentUnit", "unit"),
        ),
    ),
    Field("Illustrated", "illustrated"),
    Field("NumberOfIllustrations", "illustrations"),
    texts("IllustrationsNote", "illustration_notes"),
    Inner(
        "AncillaryContent",
        "ancillaries",
        many=True,
        shape=Shape(
            records.Ancillary,
            Field("AncillaryContentType", "type"),
            texts("AncillaryContentDescription", "descriptions"),
            Field("Number", "number"),
        ),
    ),
    Inner(
        "Subject",
        "subjects",
        many=True,
        shape=Shape(
            records.Subject,
            Flag("MainSubject", "main"),
            Field("SubjectSchemeIdentifier", "scheme"),
            Field("SubjectSchemeName", "scheme_name"),
            Field("SubjectSchemeVersion", "version"),
            Field("SubjectCode", "code"),
            texts("SubjectHeadingText", "headings"),
        ),
    ),
    Inner(
        "NameAsSubject",
        "named_subjects",
        many=True,
        shape=Shape(records.NamedSubject, *NAME, ALTERNATIVE, AFFILIATION),
    ),
    many("AudienceCode", "audience_codes"),
    Inner(
        "Audience",
        "audiences",
        many=True,
        shape=Shape(
            records.Audience,
            Field("AudienceCodeType", "type"),
            Field("AudienceCodeTypeName", "name"),
            Field("AudienceCodeValue", "value"),
            many("AudienceHeadingText", "headings"),
        ),
    ),
    Inner(
        "AudienceRange",
        "audience_ranges",
        many=True,
        shape=Shape(
            records.AudienceRange,
            Field("AudienceRangeQualifier", "qualifier"),
            Bound("AudienceRangePrecision", "bounds", many=True, value_tag="AudienceRangeValue"),
            BoundValue("AudienceRangeValue", "bounds"),
        ),
    ),
    texts("AudienceDescription", "audience_descriptions"),
    Inner(
        "Complexity",
        "complexities",
        many=True,
        shape=Shape(records.Complexity, Field("ComplexitySchemeIdentifier", "scheme"), Field("ComplexityCode", "code")),
    ),
)
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
            WEBSITE,
        ),
    ),
    many("CityOfPublication", "cities"),
    Field("CountryOfPublication", "country"),
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
PRICE = Inner(
    "Price",
    "prices",
    many=True,
    shape=Shape(
        records.Price,
        identifier("PriceIdentifier", "PriceIDType"),
        Field("PriceType", "type"),
        Field("PriceQualifier", "qualifier"),
        many("EpubTechnicalProtection", "protections"),
        constraint("PriceConstraint", "constraints"),
        texts("PriceTypeDescription", "descriptions"),
        Field("PricePer", "per"),
        Inner(
            "PriceCondition",
            "conditions",
            many=True,
            shape=Shape(
                records.Condition,
                Field("PriceConditionType", "type"),
                Inner(
                    "PriceConditionQuantity",
                    "quantities",
                    many=True,
                    shape=Shape(
                        records.Quantity,
                        Field("PriceConditionQuantityType", "type"),
                        Field("Quantity", "quantity"),
                        Field("QuantityUnit", "unit"),
                    ),
                ),
                PRODUCT_ID,
            ),
        ),
        Field("MinimumOrderQuantity", "minimum_quantity"),
        Inner(
            "DiscountCoded",
            "discount_codes",
            many=True,
            shape=Shape(
                records.DiscountCode,
                Field("DiscountCodeType", "type"),
                Field("DiscountCodeTypeName", "name"),
                Field("DiscountCode", "code"),
            ),
        ),
        Inner(
            "Discount",
            "discounts",
            many=True,
            shape=Shape(
                records.Discount,
                Field("DiscountType", "type"),
                Field("Quantity", "quantity"),
                Field("ToQuantity", "to_quantity"),
                Number("DiscountPercent", "percent"),
                Number("DiscountAmount", "amount"),
            ),
        ),
        Field("PriceStatus", "status"),
        Number("PriceAmount", "amount"),
        Inner(
            "Tax",
            "taxes",
            many=True,
            shape=Shape(
                records.Tax,
                Field("TaxType", "type"),
                Field("TaxRateCode", "rate"),
                Number("TaxRatePercent", "percent"),
                Number("TaxableAmount", "taxable"),
                Number("TaxAmount", "amount"),
            ),
        ),
        Flag("TaxExempt", "tax_exempt"),
        Field("UnpricedItemType", "unpriced"),
        Field("CurrencyCode", "currency"),
        TERRITORY,
        Field("CurrencyZone", "zone"),
        dated("PriceDate", "PriceDateRole"),
    ),
)
SUPPLY_DETAIL = Inner(
    "SupplyDetail",
    "details",
    many=True,
    shape=Shape(
        records.SupplyDetail,
        Inner(
            "Supplier",
            "supplier",
            shape=Shape(
                records.Supplier,
                Field("SupplierRole", "role"),
                identifier("SupplierIdentifier", "SupplierIDType"),
                Field("SupplierName", "name"),
                many("TelephoneNumber", "telephones"),
                many("FaxNumber", "faxes"),
                many("EmailAddress", "emails"),
                WEBSITE,
            ),
        ),
        Inner(
            "ReturnsConditions",
            "returns",
            many=True,
            shape=Shape(
                records.Returns,
                Field("ReturnsCodeType", "type"),
                Field("ReturnsCodeTypeName", "name"),
                Field("ReturnsCode", "code"),
                texts("ReturnsNote", "notes"),
            ),
        ),
        Field("ProductAvailability", "availability"),
        dated("SupplyDate", "SupplyDateRole"),
        Field("OrderTime", "order_time"),
        Inner(
            "Stock",
            "stocks",
            many=True,
            shape=Shape(
                records.Stock,
                identifier("LocationIdentifier", "LocationIDType", "locations"),
                many("LocationName", "names"),
                Field("OnHand", "on_hand"),
                Field("Reserved", "reserved"),
                Field("OnOrder", "on_order"),
                Field("CBO", "back_orders"),
            ),
        ),
        Field("PackQuantity", "pack_quantity"),
        Field("UnpricedItemType", "unpriced"),
        PRICE,
    ),
)
SUPPLY = Inner(
    "ProductSupply",
    "supplies",
    many=True,
    shape=Shape(
        records.Supply,
        Inner("Market", "markets", many=True, shape=Shape(records.Market, TERRITORY, RESTRICTION)),
        Inner(
            "MarketPublishingDetail",
            "publishing",
            shape=Shape(
                records.MarketPublishing,
                Field("MarketPublishingStatus", "status"),
                texts("MarketPublishingStatusNote", "notes"),
                dated("MarketDate", "MarketDateRole"),
            ),
        ),
        SUPPLY_DETAIL,
    ),
)
PRODUCT = Shape(
    records.Product,
    Field("RecordReference", "reference"),
    Field("NotificationType", "notification"),
    texts("DeletionText", "deletion_texts"),
    Field("RecordSourceType", "source_type"),
    identifier("RecordSourceIdentifier", "RecordSourceIDType", "source_identifiers"),
    Field("RecordSourceName", "source_name"),
    PRODUCT_ID,
    Inner(
        "Barcode",
        "barcodes",
        many=True,
        shape=Shape(records.Barcode, Field("BarcodeType", "type"), Field("PositionOnProduct", "position")),
    ),
    Block("DescriptiveDetail", "", shape=DESCRIPTIVE),
    Block("CollateralDetail", "", shape=COLLATERAL),
    Block("PublishingDetail", "", shape=PUBLISHING),
    Block("RelatedMaterial", "", shape=RELATED),
    SUPPLY,
)


def party(tag: str, name: str, *, many: bool = False) -> Inner:
    shape = Shape(
        records.Party,
        identifier(f"{tag}Identifier", f"{tag}IDType"),
        Field(f"{tag}Name", "name"),
        Field("ContactName", "contact"),
        Field("TelephoneNumber", "telephone"),
        Field("EmailAddress", "email"),
    )
    return Inner(tag, name, many=many, shape=shape)


HEADER = Shape(
    records.Header,
    party("Sender", "sender"),
    party("Addressee", "addressees", many=True),
    Field("MessageNumber", "number"),
    Field("MessageRepeat", "repeat"),
    Field("SentDateTime", "sent"),
    texts("MessageNote", "notes"),
    Field("DefaultLanguageOfText", "language"),
    Field("DefaultPriceType", "price_type"),
    Field("DefaultCurrencyCode", "currency"),
)
