"""What is said and shown of a product."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Field, Inner, Shape
from lockgate.kit.onix.kept import Kept
from lockgate.kit.onix.shapes.parts import PRIZE, TERRITORY, dated, feature, many, texts

CONTENT_DATE = dated("ContentDate", "ContentDateRole")
AUDIENCES = many("ContentAudience", "audiences")
RATING = Inner(
    "ReviewRating",
    "rating",
    shape=Shape(records.Rating, Field("Rating", "value"), Field("RatingLimit", "limit"), many("RatingUnits", "units")),
)


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
            Kept("TextSourceDescription"),
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
