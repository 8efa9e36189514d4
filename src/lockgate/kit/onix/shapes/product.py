"""The product and the head of a message."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Block, Field, Inner, Shape
from lockgate.kit.onix.kept import Kept
from lockgate.kit.onix.shapes.collateral import COLLATERAL
from lockgate.kit.onix.shapes.description import DESCRIPTIVE
from lockgate.kit.onix.shapes.parts import PRODUCT_ID, identifier, texts
from lockgate.kit.onix.shapes.publishing import PUBLISHING, RELATED
from lockgate.kit.onix.shapes.supply import SUPPLY

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
    Kept("PromotionDetail"),
    Kept("ContentDetail"),
    Block("PublishingDetail", "", shape=PUBLISHING),
    Block("RelatedMaterial", "", shape=RELATED),
    Kept("ProductionDetail"),
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
