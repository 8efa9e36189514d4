"""Markets, suppliers, prices."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Field, Flag, Inner, Number, Shape
from lockgate.kit.onix.shapes.parts import PRODUCT_ID, TERRITORY, WEBSITE, constraint, dated, identifier, many, texts
from lockgate.kit.onix.shapes.publishing import RESTRICTION

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
