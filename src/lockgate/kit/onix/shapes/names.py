"""Titles and names of persons."""

from lockgate.kit.onix import records
from lockgate.kit.onix.fields import Field, Flag, Inner, Shape, Spoken
from lockgate.kit.onix.shapes.parts import PRIZE, WEBSITE, dated, identifier, many, texts

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
