"""A 2.1 product as a record: what it is. What is said of it, and where it is sold, are beside this."""

from collections.abc import Iterator

from msgspec.structs import asdict, fields

from lockgate.kit.onix.older import codes
from lockgate.kit.onix.older.form import component, details, form, sizes
from lockgate.kit.onix.older.market import with_markets
from lockgate.kit.onix.older.records import (
    OldContributor,
    OldFirm,
    OldNumbered,
    OldProduct,
    OldRelated,
    OldSeries,
    OldTitle,
    Tell,
)
from lockgate.kit.onix.older.sales import copyrights, dates, restrictions, sales_rights, supplies
from lockgate.kit.onix.older.telling import resources, texts
from lockgate.kit.onix.records import (
    Affiliation,
    Barcode,
    Collection,
    CollectionSequence,
    Contributor,
    Extent,
    Header,
    Identifier,
    Imprint,
    Language,
    NamedSubject,
    Place,
    Prize,
    Product,
    Publisher,
    RelatedProduct,
    RelatedWork,
    Subject,
    Title,
    TitleElement,
    Website,
    Words,
)

KEPT = frozenset(one.name for one in fields(Product))
PRODUCT_LEVEL, COLLECTION_LEVEL = "01", "02"
"""List 149."""
PUBLISHER = "01"
"""List 45."""


def product_of(old: OldProduct, header: Header | None, tell: Tell) -> Product:
    same = {name: value for name, value in asdict(old).items() if name in KEPT}
    return Product(**same | numbers(old, tell) | described(old, header, tell) | published(old, tell))


def numbers(old: OldProduct, tell: Tell) -> dict[str, object]:
    source = Identifier(type=old.source_id_type or "", value=old.source_id) if old.source_id else None
    return {
        "identifiers": tuple(identifiers(old)),
        "source_identifiers": (source,) if source else (),
        "barcodes": tuple(Barcode(type=kind, position=place) for kind, place in map(barcode, old.old_barcodes)),
        "related_works": tuple(RelatedWork(relation="01", identifiers=(one,)) for one in old.works),
        "related_products": tuple(related(old, tell)),
    }


def described(old: OldProduct, header: Header | None, tell: Tell) -> dict[str, object]:
    several = bool(old.items) or old.form in codes.SEVERAL
    return {
        "composition": "10" if several else "00",
        "form": form(old.form),
        "form_details": details(old, tell),
        "measures": (*old.measures, *sizes(old, header, tell)),
        "components": tuple(component(one, tuple(identifiers(one)), tell) for one in old.items),
        "collections": (*map(series, old.series), *map(product_set, old.sets)),
        "titles": tuple(titles(old)),
        "contributors": tuple(map(contributor, old.old_contributors)),
        "languages": tuple(languages(old)),
        "extents": tuple(extents(old)),
        "subjects": tuple(subjects(old)),
        "named_subjects": (*old.named_subjects, *(NamedSubject(corporate=name) for name in old.corporate_subjects)),
        "texts": tuple(texts(old, tell)),
        "resources": tuple(resources(old, tell)),
        "prizes": (*old.prizes, *prizes(old.prizes_description)),
    }


def published(old: OldProduct, tell: Tell) -> dict[str, object]:
    imprints = (*((OldFirm(name=old.imprint_name),) if old.imprint_name else ()), *old.old_imprints)
    return {
        "imprints": tuple(Imprint(identifiers=firm_code(one), name=one.name) for one in imprints),
        "publishers": publishers(old, tell),
        "dates": tuple(dates(old)),
        "copyrights": tuple(copyrights(old)),
        "restrictions": restrictions(old),
        "supplies": with_markets(old, supplies(old, tell), tell),
        **sales_rights(old, tell),
    }


def identifiers(old: OldNumbered | OldProduct) -> Iterator[Identifier]:
    """Those with an element of their own first; each once."""
    own = (("02", old.isbn), ("03", old.ean), ("04", old.upc), ("01", old.own), ("05", old.ismn), ("06", old.doi))
    found = [Identifier(type=kind, value=value) for kind, value in own if value]
    yield from dict.fromkeys((*found, *old.identifiers))


def barcode(code: str) -> tuple[str, str | None]:
    """A code that list 6 does not have is some barcode."""
    return codes.BARCODES.get(code, ("01", None))


def titles(old: OldProduct) -> Iterator[Title]:
    if old.distinctive or old.without_prefix:
        element = TitleElement(
            level=PRODUCT_LEVEL,
            text=old.distinctive if not old.without_prefix else None,
            prefix=old.prefix,
            without_prefix=old.without_prefix,
            subtitle=old.subtitle,
        )
        yield Title(type="01", elements=(element,))
    for one in old.old_titles:
        yield title(one, PRODUCT_LEVEL)
    for text in old.former_titles:
        yield Title(type="08", elements=(TitleElement(level=PRODUCT_LEVEL, text=text),))
    for text in old.translated_titles:
        yield Title(type="06", elements=(TitleElement(level=PRODUCT_LEVEL, text=text),))


def title(old: OldTitle, level: str, **more: str | None) -> Title:
    """Where a title is given whole and in parts, the parts are kept: 3.0 has one or the other."""
    parts = old.without_prefix is not None
    element = TitleElement(
        level=level,
        text=None if parts else old.text,
        prefix=old.prefix if parts else None,
        without_prefix=old.without_prefix,
        subtitle=old.subtitle,
        language=old.language,
        part_number=more.get("number"),
        year_of_annual=more.get("year"),
    )
    return Title(type=old.type, elements=(element,))


def series(old: OldSeries) -> Collection:
    issn = (Identifier(type="02", value=old.issn),) if old.issn else ()
    code = (Identifier(type="01", value=old.code, name="Publisher series code"),) if old.code else ()
    return collection(old, (*issn, *code, *old.identifiers))


def product_set(old: OldSeries) -> Collection:
    """A collection has an ISBN-13, but no ISBN-10 and no GTIN; all numbers of the set are told as a relation, too."""
    found = (
        Identifier(type=SETS[one.type], value=one.value, name=one.name) for one in numbers_of(old) if one.type in SETS
    )
    return collection(old, tuple(dict.fromkeys(found)))


SETS = {"01": "01", "03": "15", "06": "06", "15": "15", "22": "22"}
"""List 5 → 13."""


def collection(old: OldSeries, numbers: tuple[Identifier, ...]) -> Collection:
    named = OldTitle(type="01", text=old.title) if old.title else None
    given = (*((named,) if named else ()), *old.titles)
    return Collection(
        type="10",
        identifiers=numbers,
        sequences=(CollectionSequence(type="02", number=old.number),) if old.number else (),
        titles=tuple(title(one, COLLECTION_LEVEL, number=old.number, year=old.year) for one in given),
        contributors=tuple(map(contributor, old.contributors)),
    )


def numbers_of(old: OldNumbered) -> tuple[Identifier, ...]:
    return tuple(identifiers(old))


CONTRIBUTOR = frozenset(one.name for one in fields(Contributor))


def contributor(old: OldContributor) -> Contributor:
    same = {name: value for name, value in asdict(old).items() if name in CONTRIBUTOR}
    if old.position or old.affiliation:
        own = Affiliation(positions=(old.position,) if old.position else (), name=old.affiliation)
        same["affiliations"] = (*old.affiliations, own)
    same["places"] = tuple(Place(relation="00", country=code) for code in old.countries)
    same["places"] += tuple(Place(relation="00", region=code) for code in old.regions)
    same["roles"] = old.roles
    return Contributor(**same)


def languages(old: OldProduct) -> Iterator[Language]:
    for code in old.text_languages:
        yield Language(role="01", code=code)
    if old.original_language:
        yield Language(role="02", code=old.original_language)
    yield from old.languages


def extents(old: OldProduct) -> Iterator[Extent]:
    """List 23: 00 main content, 03 front matter, in pages."""
    if old.pages:
        yield Extent(type="00", value=old.pages, unit="03")
    if old.pages_roman:
        yield Extent(type="03", roman=old.pages_roman, unit="03")
    if old.pages_arabic:
        yield Extent(type="04" if old.pages else "00", value=old.pages_arabic, unit="03")
    yield from old.extents


def subjects(old: OldProduct) -> Iterator[Subject]:
    for scheme, code, version in (("10", old.bisac, old.bisac_version), ("12", old.bic, old.bic_version)):
        if code:
            yield Subject(scheme=scheme, code=code, main=True, version=version)
    for one in old.main_subjects:
        yield Subject(scheme=one.scheme, code=one.code, headings=one.headings, main=True, version=one.version)
    yield from old.subjects


def prizes(description: str | None) -> tuple[Prize, ...]:
    return (Prize(statements=(Words(text=description),)),) if description else ()


def publishers(old: OldProduct, tell: Tell) -> tuple[Publisher, ...]:
    """Web pages about the product belong to its first publisher."""
    named = ((PUBLISHER, old.publisher_name and (old.publisher_name,)), ("02", old.copublishers), ("03", old.sponsors))
    flat = [(role, name) for role, names in (*named, ("04", old.original_publishers)) for name in names or ()]
    found = [OldFirm(role=role, name=name) for role, name in flat if role == PUBLISHER]
    found += [*old.old_publishers, *(OldFirm(role=role, name=name) for role, name in flat if role != PUBLISHER)]
    if old.websites and not found:
        tell("Product/Website")
    return tuple(publisher(one, () if place else old.websites) for place, one in enumerate(found))


def publisher(old: OldFirm, more: tuple[Website, ...]) -> Publisher:
    sites = (*old.websites, *more)
    return Publisher(role=old.role or PUBLISHER, identifiers=firm_code(old), name=old.name, websites=sites)


def firm_code(old: OldFirm) -> tuple[Identifier, ...]:
    return (Identifier(type=old.code_type or "01", value=old.code, name=old.code_name),) if old.code else ()


def related(old: OldProduct, tell: Tell) -> Iterator[RelatedProduct]:
    numbered = (
        ("03", old.replaces_isbn, old.replaces_ean),
        ("05", old.replaced_by_isbn, old.replaced_by_ean),
        ("06", old.other_format_isbn, old.other_format_ean),
        ("12", old.other_product_isbn, old.other_product_ean),
    )
    for relation, isbn, ean in numbered:
        if found := tuple(identifiers(OldNumbered(isbn=isbn, ean=ean))):
            yield RelatedProduct(relations=(relation,), identifiers=found)
    for one in old.sets:
        if found := numbers_of(one):
            yield RelatedProduct(relations=(PART_OF,), identifiers=found)
    for each in old.old_related:
        yield relation_of(each, tell)


PART_OF = "02"
"""List 51."""


def relation_of(old: OldRelated, tell: Tell) -> RelatedProduct:
    return RelatedProduct(
        relations=(codes.RELATIONS.get(old.relation, old.relation),),
        identifiers=tuple(identifiers(old)),
        form=form(old.form),
        form_details=details(old, tell),
    )
