"""The default tenant: that of the documented examples."""

from typing import Any

import msgspec

from . import leading, webreports
from .business import OBJECT_TYPE, SYSTEM, WORKSPACE_TYPE, ExternalSystem, ObjectType, WorkspaceType
from .creating import new_role
from .media import MEDIA, MEDIA_FIELDS, PRODUCT, PRODUCT_FIELDS
from .processes import MAP, Map, Step
from .records import (
    CATEGORY,
    CLASSIFICATION,
    FOLDER,
    RM_CLASSIFICATION,
    WEB_REPORT,
    WORKFLOW,
    WORKSPACE,
    Attribute,
    Member,
    Node,
    Workspace,
)
from .rights import EVERYDAY, READ, mask, usual
from .tenant import ADMIN, ENTERPRISE, Tenant

CATEGORIES, CLASSIFICATIONS, RECORDS, TEMPLATES = 2006, 2046, 2164, 2190
CUSTOMERS, CUSTOMER_TEMPLATE, CUSTOMER, CUSTOMER_TYPE = 34962, 30001, 4711, 16
PRODUCTS, LIBRARY = 34970, 34980
"""Folders of a tenant that was filled from content: for workspaces, and for documents that belong to none."""
APPROVAL, DIRECT, RM_CLASS, HOLD, REPORT = 25397, 25398, 41320, 13, 30500
VOLUMES = (
    (ENTERPRISE, 141, "Enterprise"),
    (2004, 142, "Admin Home"),
    (CATEGORIES, 133, "Categories"),
    (CLASSIFICATIONS, 198, "Classifications"),
    (RECORDS, 550, "Records Management"),
    (2177, 405, "Recycle Bin"),
    (2185, 862, "Business Workspaces"),
    (2186, 882, "Extended ECM"),
    (TEMPLATES, 20541, "Document Templates"),
)
USERS = (
    Member(id=ADMIN, type=0, name="Admin", group=999, admin=True),
    Member(id=1001, type=0, name="jdoe", first_name="Jane", last_name="Doe", email="jane@example.test", group=1100),
    Member(id=1002, type=0, name="rroe", first_name="Richard", last_name="Roe", email="roe@example.test", group=999),
    Member(id=999, type=1, name="DefaultGroup", members=[ADMIN, 1001, 1002]),
    Member(id=1100, type=1, name="Sales", members=[1001]),
)
LEADING = (
    {"KUNNR": "0000010020", "NAME1": "Lark Ltd", "ORT01": "Leeds"},
    {"KUNNR": "0000010021", "NAME1": "Finch Inc", "ORT01": "Boston"},
    {"KUNNR": "0000010022", "NAME1": "Larkspur AG", "ORT01": "Bern"},
)
"""Customers of the leading application; none has a workspace yet."""
FIELDS = [
    Attribute(id=2, name="Customer Number", length=10),
    Attribute(id=3, name="Regions", multi=True),
    Attribute(id=4, name="Contacts", type="Set", multi=True),
    Attribute(id=5, name="Name", set=4),
]
DOCUMENT_FIELDS = [
    Attribute(id=2, name="Document Number"),
    Attribute(id=3, name="Valid From", type="Date"),
    Attribute(id=4, name="Pages", type="Integer"),
    Attribute(id=5, name="Confidential", type="Boolean"),
    Attribute(id=6, name="Address", type="Set"),
    Attribute(id=7, name="City", set=6),
    Attribute(id=8, name="Phones", set=6, multi=True),
    Attribute(id=9, name="Responsible", type="User"),
]


def fill(tenant: Tenant) -> None:
    """Fill an empty tenant with the fixture of the documents."""
    foundations(tenant)
    plant(tenant, CUSTOMERS, FOLDER, "Customers", ENTERPRISE)
    plant(tenant, CUSTOMER, CATEGORY, "Customer", CATEGORIES, definition=FIELDS)
    plant(tenant, 4712, CATEGORY, "Document Details", CATEGORIES, definition=DOCUMENT_FIELDS)
    template(tenant, CUSTOMER_TEMPLATE, "Customer Template", CUSTOMER_TYPE, ("Correspondence", "Contracts"), CUSTOMER)
    types(tenant)
    workflow(tenant, Map(id=APPROVAL, name="Approval", steps=[approver(1001)], fields={"9": "Reason", "10": "Market"}))
    direct = Map(id=DIRECT, name="Direct Approval", steps=[approver(None), Step(name="Publish")], start_step=False)
    workflow(tenant, direct)
    plant(tenant, REPORT, WEB_REPORT, "Customers by market", ENTERPRISE, nickname="customers_by_market")
    webreports.keep(
        tenant,
        webreports.Report(
            id=REPORT,
            nickname="customers_by_market",
            parameters=["market"],
            output="market;customers\n{market};3\n",
            mime_type="text/csv",
        ),
    )


def foundations(tenant: Tenant) -> None:
    """What every tenant has: volumes, people, classifications, records management, an external system."""
    for id, type, name in VOLUMES:
        plant(tenant, id, type, name, -1)
    tenant.put_member(*USERS)
    plant(tenant, 700, CLASSIFICATION, "Contracts", CLASSIFICATIONS)
    plant(tenant, 701, CLASSIFICATION, "Correspondence", CLASSIFICATIONS)
    plant(tenant, 702, CLASSIFICATION, "Media", CLASSIFICATIONS)
    plant(tenant, MEDIA, CATEGORY, "Media", CATEGORIES, definition=MEDIA_FIELDS)
    plant(tenant, RM_CLASS, RM_CLASSIFICATION, "Customer Records", RECORDS)
    tenant.store.put("hold", HOLD, {"id": HOLD, "name": "HOLD_10", "type": "FOIA", "alternate": "HOLD_10"})
    tenant.store.put("rsi", 501, {"id": 501, "name": "7Y", "title": "Seven years after the end of the contract"})
    system = ExternalSystem(
        id="TE1", node_id=22632, base_url="http://erp.example.test", as_url="http://erp.example.test"
    )
    tenant.store.put(SYSTEM, system.id, msgspec.to_builtins(system))


def library(tenant: Tenant) -> Node:
    """The folder for documents of a tenant that was filled from content, and the category its products have."""
    plant(tenant, PRODUCT, CATEGORY, "Product", CATEGORIES, definition=PRODUCT_FIELDS)
    return plant(
        tenant, LIBRARY, FOLDER, "Media Library", ENTERPRISE, categories={str(MEDIA): {}}, marks={str(MEDIA): 1}
    )


def types(tenant: Tenant) -> None:
    put_type(
        tenant,
        WorkspaceType(
            id=CUSTOMER_TYPE,
            name="Customer",
            names={"en": "Customer", "de": "Kunde"},
            config_node_id=39309,
            location=CUSTOMERS,
            icon="/cssupport/otsapxecm/wksp_customer.png",
            document_types=[
                {
                    "category_id": 4712,
                    "classification_id": 700,
                    "classification_name": "Contracts",
                    "document_generation": 0,
                    "folder": "Contracts",
                    "required": 0,
                    "smart_document_type_id": 501,
                },
                {
                    "category_id": None,
                    "classification_id": 701,
                    "classification_name": "Correspondence",
                    "document_generation": 0,
                    "folder": "Correspondence",
                    "required": 0,
                    "smart_document_type_id": 502,
                },
            ],
        ),
        ObjectType(
            id=37,
            bo_type="KNA1",
            name="Customer",
            system="TE1",
            workspace_type=CUSTOMER_TYPE,
            columns=["KUNNR", "NAME1", "ORT01"],
            properties=[
                {
                    "attributeID": f"{CUSTOMER}_2",
                    "categoryID": str(CUSTOMER),
                    "name": "Customer Number",
                    "type": "String",
                },
            ],
        ),
    )
    for row in LEADING:
        tenant.store.put(leading.ROWS, row["KUNNR"], {"type": 37, "row": row})


def approver(assignee: int | None) -> Step:
    return Step(name="Approver", assignee=assignee, dispositions=["Approve", "Reject"], final=["Reject"])


def workflow(tenant: Tenant, map: Map) -> None:
    plant(tenant, map.id, WORKFLOW, map.name, ENTERPRISE)
    tenant.store.put(MAP, map.id, msgspec.to_builtins(map))


def put_type(tenant: Tenant, type: WorkspaceType, *objects: ObjectType) -> None:
    tenant.store.put(WORKSPACE_TYPE, type.id, msgspec.to_builtins(type))
    for one in objects:
        tenant.store.put(OBJECT_TYPE, one.id, msgspec.to_builtins(one))


def template(tenant: Tenant, id: int, name: str, type_id: int, folders: tuple[str, ...], *categories: int) -> Node:
    """A template with its folders, two roles and categories that every workspace of it gets."""
    node = plant(
        tenant,
        id,
        WORKSPACE,
        name,
        TEMPLATES,
        workspace=Workspace(type_id=type_id, is_template=True),
        categories={str(one): {} for one in categories},
        marks={str(one): 1 for one in categories},
    )
    for folder in folders:
        plant(tenant, tenant.next_id(), FOLDER, folder, id)
    new_role(tenant, id, "Manager", leader=True, perms=mask(EVERYDAY))
    new_role(tenant, id, "Staff", perms=mask(READ))
    return node


def plant(tenant: Tenant, id: int, type: int, name: str, parent: int, **more: Any) -> Node:
    """A node that was there from the start."""
    above = tenant.find(parent) if parent > 0 else None
    now = tenant.now()
    volume = tenant.volume_under(above) if above else -id
    node = Node(
        id=id, type=type, name=name, parent=parent, volume=volume, created=now, created_by=ADMIN, modified=now,
        modified_by=ADMIN, owner=ADMIN, grants=usual(ADMIN), **more,
    )  # fmt: skip
    tenant.put(node)
    return node
