"""Composites that stand in many others."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Codes, Day, Field, Inner, Shape, Told


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


def feature(tag: str, type_tag: str, value_tag: str, note_tag: str, name: str = "features") -> Inner:
    shape = Shape(records.Feature, Field(type_tag, "type"), Field(value_tag, "value"), texts(note_tag, "notes"))
    return Inner(tag, name, many=True, shape=shape)


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
