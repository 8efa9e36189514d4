"""The composites of ONIX 2.1 as tables; those that are the same in 3.0 are taken from there."""

from lockgate.kit.onix import records, shapes
from lockgate.kit.onix.fields import Codes, Field, Flag, Inner, Shape, Spoken, Told
from lockgate.kit.onix.kept import Kept
from lockgate.kit.onix.older import records as old
from lockgate.kit.onix.older import supplied
from lockgate.kit.onix.shapes import dated, identifier, many, texts

PRODUCT_ID = shapes.PRODUCT_ID
NUMBERS = (
    Field("ISBN", "isbn"),
    Field("EAN13", "ean"),
    Field("UPC", "upc"),
    Field("PublisherProductNo", "own"),
    Field("ISMN", "ismn"),
    Field("DOI", "doi"),
    PRODUCT_ID,
)
PRIZE = shapes.PRIZE
TITLE_FIELDS = (
    Field("TitleType", "type"),
    Spoken("TitleText", "text"),
    Field("TitlePrefix", "prefix"),
    Spoken("TitleWithoutPrefix", "without_prefix"),
    Field("Subtitle", "subtitle"),
)


def title(name: str) -> Inner:
    return Inner("Title", name, many=True, shape=Shape(old.OldTitle, *TITLE_FIELDS))


NAME = (
    Field("PersonNameType", "type"),
    identifier("PersonNameIdentifier", "PersonNameIDType"),
    *(one for one in shapes.NAME if one.tag not in {"NameType", "NameIdentifier", "CorporateNameInverted"}),
)
ALTERNATIVE = Inner("Name", "alternatives", many=True, shape=Shape(records.Name, *NAME))
SUBJECT = Shape(records.NamedSubject, *NAME, ALTERNATIVE)
CONTRIBUTOR = Shape(
    old.OldContributor,
    Field("SequenceNumber", "sequence"),
    many("ContributorRole", "roles"),
    many("LanguageCode", "from_languages"),
    *NAME,
    ALTERNATIVE,
    dated("PersonDate", "PersonDateRole"),
    shapes.AFFILIATION,
    texts("BiographicalNote", "biographies"),
    shapes.WEBSITE,
    Field("ProfessionalPosition", "position"),
    Field("Affiliation", "affiliation"),
    texts("ContributorDescription", "descriptions"),
    Field("UnnamedPersons", "unnamed"),
    many("CountryCode", "countries"),
    many("RegionCode", "regions"),
)


def contributors(name: str) -> Inner:
    return Inner("Contributor", name, many=True, shape=CONTRIBUTOR)


SERIES = Shape(
    old.OldSeries,
    Field("SeriesISSN", "issn"),
    Field("PublisherSeriesCode", "code"),
    identifier("SeriesIdentifier", "SeriesIDType"),
    Field("TitleOfSeries", "title"),
    title("titles"),
    contributors("contributors"),
    Field("NumberWithinSeries", "number"),
    Field("YearOfAnnual", "year"),
)
SET = Shape(
    old.OldSeries,
    Field("ISBNOfSet", "isbn"),
    Field("EAN13OfSet", "ean"),
    PRODUCT_ID,
    Field("TitleOfSet", "title"),
    title("titles"),
    Field("ItemNumberWithinSet", "number"),
)
ITEM_FORM = frozenset({"ProductFormFeature", "ProductPackaging", "ProductFormDescription"})
ITEM = Shape(
    old.OldItem,
    *NUMBERS,
    Field("ProductForm", "form"),
    many("ProductFormDetail", "form_details"),
    *(one for one in shapes.DESCRIPTIVE.fields if one.tag in ITEM_FORM),
    many("BookFormDetail", "book_details"),
    Field("NumberOfPieces", "pieces"),
    many("ProductContentType", "content_types"),
    Field("ItemQuantity", "quantity"),
)
TEXT = Shape(
    old.OldText,
    Field("TextTypeCode", "type"),
    Field("TextFormat", "form"),
    Told("Text", "text"),
    Field("TextAuthor", "author"),
    Field("TextSourceCorporate", "source"),
    Field("TextSourceTitle", "source_title"),
    Field("TextPublicationDate", "date"),
    Field("StartDate", "start"),
    Field("EndDate", "end"),
)
MEDIA = Shape(
    old.OldMedia,
    Field("MediaFileTypeCode", "type"),
    Field("MediaFileFormatCode", "format"),
    Field("MediaFileLinkTypeCode", "link_type"),
    Field("MediaFileLink", "link"),
    Field("MediaFileDate", "date"),
    Field("DownloadCaption", "caption"),
    Field("DownloadCredit", "credit"),
    Field("DownloadCopyrightNotice", "notice"),
)


def firm(name_tag: str) -> Shape:
    return Shape(
        old.OldFirm,
        Field("PublishingRole", "role"),
        Field("NameCodeType", "code_type"),
        Field("NameCodeTypeName", "code_name"),
        Field("NameCodeValue", "code"),
        Field(name_tag, "name"),
        shapes.WEBSITE,
    )


RIGHTS = Shape(
    old.OldRights,
    Field("SalesRightsType", "type"),
    Codes("RightsCountry", "countries"),
    Codes("RightsTerritory", "territories"),
    many("RightsRegion", "old_regions"),
    *NUMBERS,
    Field("PublisherName", "publisher"),
)
RESTRICTION = Shape(
    old.OldRestriction,
    Field("SalesRestrictionType", "type"),
    Inner(
        "SalesOutlet",
        "outlets",
        many=True,
        shape=Shape(
            records.Outlet, identifier("SalesOutletIdentifier", "SalesOutletIDType"), Field("SalesOutletName", "name")
        ),
    ),
    texts("SalesRestrictionDetail", "notes"),
)
RELATED = Shape(
    old.OldRelated,
    Field("RelationCode", "relation"),
    *NUMBERS,
    Field("ProductForm", "form"),
    many("ProductFormDetail", "form_details"),
    many("BookFormDetail", "book_details"),
    Field("EpubType", "epub_type"),
    Field("EpubFormat", "epub_format"),
)
WEBSITE = Shape(
    records.Website,
    Field("WebsiteRole", "role"),
    texts("ProductWebsiteDescription", "descriptions"),
    many("ProductWebsiteLink", "links"),
)
ILLUSTRATIONS = Shape(
    records.Ancillary,
    Field("IllustrationType", "type"),
    texts("IllustrationTypeDescription", "descriptions"),
    Field("Number", "number"),
)
SAME = frozenset({
    "ProductFormFeature", "ProductPackaging", "ProductFormDescription", "TradeCategory",
    "ProductContentType", "ProductClassification", "ThesisType", "ThesisPresentedTo", "ThesisYear",
    "ContributorStatement", "NoContributor", "EditionNumber", "EditionVersionNumber", "EditionStatement",
    "NoEdition", "Language", "Extent", "NumberOfIllustrations", "IllustrationsNote", "MapScale", "Subject",
    "AudienceCode", "Audience", "AudienceRange", "AudienceDescription", "Complexity", "ProductForm",
    "ProductFormDetail",
})  # fmt: skip
"""Elements that stand in the product itself, and are as in the descriptive detail of 3.0."""
PRODUCT = Shape(
    old.OldProduct,
    Field("RecordReference", "reference"),
    Field("NotificationType", "notification"),
    texts("DeletionText", "deletion_texts"),
    Field("RecordSourceType", "source_type"),
    Field("RecordSourceIdentifierType", "source_id_type"),
    Field("RecordSourceIdentifier", "source_id"),
    Field("RecordSourceName", "source_name"),
    *NUMBERS,
    many("Barcode", "old_barcodes"),
    *(one for one in shapes.DESCRIPTIVE.fields if one.tag in SAME),
    Inner("ContainedItem", "items", many=True, shape=ITEM),
    many("BookFormDetail", "book_details"),
    Field("EpubType", "epub_type"),
    texts("EpubTypeDescription", "form_descriptions"),
    Field("EpubFormat", "epub_format"),
    texts("EpubFormatDescription", "form_descriptions"),
    texts("EpubTypeNote", "form_descriptions"),
    Kept("Conference"),
    Inner("Series", "series", many=True, shape=SERIES),
    Flag("NoSeries", "no_collection"),
    Inner("Set", "sets", many=True, shape=SET),
    Field("DistinctiveTitle", "distinctive"),
    Field("TitlePrefix", "prefix"),
    Field("TitleWithoutPrefix", "without_prefix"),
    Field("Subtitle", "subtitle"),
    many("FormerTitle", "former_titles"),
    many("TranslationOfTitle", "translated_titles"),
    title("old_titles"),
    identifier("WorkIdentifier", "WorkIDType", "works"),
    contributors("old_contributors"),
    many("EditionTypeCode", "edition_types"),
    many("LanguageOfText", "text_languages"),
    Field("OriginalLanguage", "original_language"),
    Field("NumberOfPages", "pages"),
    Field("PagesRoman", "pages_roman"),
    Field("PagesArabic", "pages_arabic"),
    Inner("Illustrations", "ancillaries", many=True, shape=ILLUSTRATIONS),
    Field("BASICMainSubject", "bisac"),
    Field("BASICVersion", "bisac_version"),
    Field("BICMainSubject", "bic"),
    Field("BICVersion", "bic_version"),
    Inner(
        "MainSubject",
        "main_subjects",
        many=True,
        shape=Shape(
            records.Subject,
            Field("MainSubjectSchemeIdentifier", "scheme"),
            Field("SubjectSchemeVersion", "version"),
            Field("SubjectCode", "code"),
            texts("SubjectHeadingText", "headings"),
        ),
    ),
    Inner("PersonAsSubject", "named_subjects", many=True, shape=SUBJECT),
    many("CorporateBodyAsSubject", "corporate_subjects"),
    Told("Annotation", "annotation"),
    Told("MainDescription", "description"),
    Inner("OtherText", "old_texts", many=True, shape=TEXT),
    texts("ReviewQuote", "review_quotes"),
    Field("CoverImageFormatCode", "cover_format"),
    Field("CoverImageLinkTypeCode", "cover_link_type"),
    Field("CoverImageLink", "cover_link"),
    Inner("MediaFile", "media", many=True, shape=MEDIA),
    Field("PrizesDescription", "prizes_description"),
    PRIZE,
    Field("ImprintName", "imprint_name"),
    Inner("Imprint", "old_imprints", many=True, shape=firm("ImprintName")),
    Field("PublisherName", "publisher_name"),
    Inner("Publisher", "old_publishers", many=True, shape=firm("PublisherName")),
    many("CopublisherName", "copublishers"),
    many("SponsorName", "sponsors"),
    many("OriginalPublisher", "original_publishers"),
    shapes.WEBSITE,
    Inner("ProductWebsite", "websites", many=True, shape=WEBSITE),
    many("CityOfPublication", "cities"),
    Field("CountryOfPublication", "country"),
    Field("PublishingStatus", "status"),
    texts("PublishingStatusNote", "status_notes"),
    Field("AnnouncementDate", "announced"),
    Field("TradeAnnouncementDate", "trade_announced"),
    Field("PublicationDate", "published"),
    Field("OutOfPrintDate", "out_of_print"),
    Field("YearFirstPublished", "first_published"),
    Field("CopyrightYear", "copyright_year"),
    Inner(
        "CopyrightStatement",
        "old_copyrights",
        many=True,
        shape=Shape(
            old.OldCopyright,
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
    Inner("SalesRights", "old_rights", many=True, shape=RIGHTS),
    Inner("NotForSale", "old_not_for_sale", many=True, shape=RIGHTS),
    Inner("SalesRestriction", "old_restrictions", many=True, shape=RESTRICTION),
    Inner(
        "Measure",
        "measures",
        many=True,
        shape=Shape(
            records.Measure,
            Field("MeasureTypeCode", "type"),
            Field("Measurement", "value"),
            Field("MeasureUnitCode", "unit"),
        ),
    ),
    Field("Height", "height"),
    Field("Width", "width"),
    Field("Thickness", "thickness"),
    Field("Weight", "weight"),
    Field("ReplacesISBN", "replaces_isbn"),
    Field("ReplacesEAN13", "replaces_ean"),
    Field("ReplacedByISBN", "replaced_by_isbn"),
    Field("ReplacedByEAN13", "replaced_by_ean"),
    Field("AlternativeFormatISBN", "other_format_isbn"),
    Field("AlternativeFormatEAN13", "other_format_ean"),
    Field("AlternativeProductISBN", "other_product_isbn"),
    Field("AlternativeProductEAN13", "other_product_ean"),
    Inner("RelatedProduct", "old_related", many=True, shape=RELATED),
    Inner("SupplyDetail", "old_supplies", many=True, shape=supplied.SUPPLY),
    Inner("MarketRepresentation", "old_markets", many=True, shape=supplied.MARKET),
    Kept("PromotionCampaign", "promotions"),
    Kept("PromotionContact", "promotions"),
    Kept("InitialPrintRun", "promotions"),
    Kept("ReprintDetail", "promotions"),
    Kept("CopiesSold", "promotions"),
    Kept("BookClubAdoption", "promotions"),
)
HEADER = Shape(
    old.OldHeader,
    Field("FromEANNumber", "from_ean"),
    Field("FromSAN", "from_san"),
    identifier("SenderIdentifier", "SenderIDType", "sender_identifiers"),
    Field("FromCompany", "from_company"),
    Field("FromPerson", "from_person"),
    Field("FromEmail", "from_email"),
    Field("ToEANNumber", "to_ean"),
    Field("ToSAN", "to_san"),
    identifier("AddresseeIdentifier", "AddresseeIDType", "addressee_identifiers"),
    Field("ToCompany", "to_company"),
    Field("ToPerson", "to_person"),
    Field("MessageNumber", "number"),
    Field("MessageRepeat", "repeat"),
    Field("SentDate", "sent"),
    Told("MessageNote", "note"),
    Field("DefaultLanguageOfText", "language"),
    Field("DefaultPriceTypeCode", "price_type"),
    Field("DefaultCurrencyCode", "currency"),
    Field("DefaultLinearUnit", "linear_unit"),
    Field("DefaultWeightUnit", "weight_unit"),
)
