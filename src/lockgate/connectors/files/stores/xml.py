"""XML that servers answer: no document type, no entities, nothing fetched."""

from lxml import etree

from lockgate.kit.errors import ContractBroken


def parsed(body: bytes, what: str) -> etree._Element:
    """The root element. Raises ContractBroken for what is no such XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ContractBroken(f"{what} was answered with XML that cannot be read.", detail=str(error)[:300]) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContractBroken(f"{what} was answered with XML that has a document type; that is not read.")
    return root
