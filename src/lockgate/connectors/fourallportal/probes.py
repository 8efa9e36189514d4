"""What is tried out when a connection is set up, since little of the interface is documented.

What makes the connection useless is raised for the operator; what only costs something becomes a note.
"""

from collections.abc import Sequence

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.conditions import equal
from lockgate.connectors.fourallportal.feed import Feeds
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.values import TEXTS, localized
from lockgate.kit.errors import ContractBroken, NeedsOperator, NotFound, Rejected
from lockgate.model.item import ASSET

NOBODY = "00000000-0000-0000-0000-000000000000"


class Probes:
    """Tries one tenant; writes nothing."""

    def __init__(self, client: PortalClient, modules: Modules, feeds: Feeds) -> None:
        self.client, self.modules, self.feeds, self.quirks = client, modules, feeds, client.quirks

    async def notes(self) -> list[str]:
        """All that is worth knowing. Raises NeedsOperator."""
        await self.client.connectors()
        await self.all_modules()
        return [
            *await self.about_searches(),
            *await self.about_fields(),
            *await self.about_states(),
            *await self.about_folder(),
            *await self.about_files(),
            *await self.about_history(),
            *await self.about_feeds(),
        ]

    async def all_modules(self) -> None:
        for kind, module in self.modules.names.items():
            try:
                await self.modules.read(kind)
            except NotFound as error:
                raise NeedsOperator(
                    f"There is no module {module!r}, or the key's role has no access to it. Name the right one under quirks, "
                    "or give the role access.",
                    detail=error.detail,
                ) from error

    async def about_searches(self) -> list[str]:
        """A server that does not know a parameter ignores it, and a search would find anything."""
        notes: list[str] = []
        for module in self.modules.names.values():
            try:
                notes += await self.about_search(module)
            except Rejected as error:
                raise NeedsOperator(
                    f"{error.sentence} Searches are understood otherwise there; ask the vendor for their form.",
                    detail=error.detail,
                ) from error
        return list(dict.fromkeys(notes))

    async def about_search(self, module: str) -> list[str]:
        quirks = self.quirks
        if (await self.client.search(module, equal("id", NOBODY), size=1)).result:
            raise NeedsOperator(
                f"The server ignores conditions in `{quirks.search_param}`, so our copies cannot be found again. "
                "Ask the vendor for the parameter's name and set it under quirks, `search_param`."
            )
        up = await self.client.search(module, size=2, sort="id,asc", total=True)
        down = await self.client.search(module, size=2, sort="id,desc")
        if len(up.result) > 1 and up.result[0]["id"] == down.result[0]["id"]:
            raise NeedsOperator(
                f"The server ignores the order in `{quirks.sort_param}`, so a list could not be read to its end. "
                "Ask the vendor for the parameter's name and set it under quirks, `sort_param`."
            )
        notes = [] if len(up.result) <= 2 else ["The server ignores the page size, so pages have the size it chooses."]
        return (
            notes if up.total is not None else [*notes, "The server states no totals, so searches cost one call more."]
        )

    async def about_fields(self) -> list[str]:
        field = (await self.modules.records(ASSET)).fields.get(self.quirks.key_field)
        if field is None or field.get("type") not in TEXTS or localized(field):
            raise NeedsOperator(
                f"Module {self.quirks.file_module} has no plain text field {self.quirks.key_field!r} for our key. Have a unique text "
                "field of that name made, or name one under quirks, `key_field`."
            )
        return []

    async def about_states(self) -> list[str]:
        """Whether copies can be hidden."""
        fields = (await self.modules.records(ASSET)).fields
        status = fields.get(self.quirks.status_field)
        if status is None:
            return [
                f"Module {self.quirks.file_module} has no field {self.quirks.status_field}, so copies cannot be hidden."
            ]
        notes = [f"Module {self.quirks.file_module} has no field {name}; hiding leaves it out."
                 for name in self.quirks.publish_fields if name not in fields]  # fmt: skip
        options = await self.client.options([key] if (key := str(status.get("valueOptionKey") or "")) else [])
        known = options.get(key)
        unknown = [one for one in (self.quirks.hidden_status, self.quirks.shown_status) if known and one not in known]
        return [
            *notes,
            *(f"Field {self.quirks.status_field} has no choice {one!r}; name another under quirks." for one in unknown),
        ]

    async def about_folder(self) -> list[str]:
        if not (folder := self.quirks.upload_folder):
            return []
        try:
            await self.client.get(self.quirks.folder_module, folder)
        except NotFound as error:
            raise NeedsOperator(
                f"There is no folder {folder}, or the key's role does not see it. Correct `upload_folder` under quirks.",
                detail=error.detail,
            ) from error
        return []

    async def about_files(self) -> list[str]:
        """Whether an original can be read, by opening one."""
        module, usage = self.quirks.file_module, self.quirks.original_usage
        for record in (await self.client.search(module, size=1)).result[:1]:
            try:
                async with self.client.media(module, str(record["id"]), usage):
                    return []
            except NotFound:
                return [
                    f"The original of file {record['id']} cannot be read as {usage}; if that is so for all, correct `original_usage`."
                ]
        return []

    async def about_history(self) -> list[str]:
        """Whether the history of an object can be read: its route is inferred, and a role may not see it."""
        module = self.quirks.file_module
        for record in (await self.client.search(module, size=1)).result[:1]:
            try:
                await self.client.history(module, str(record["id"]), "", 0)
            except (NeedsOperator, Rejected, ContractBroken):
                return ["The history of objects cannot be read; if it is wanted, correct `audit_path` under quirks."]
        return []

    async def about_feeds(self) -> list[str]:
        return [note for kind, name in self.feeds.names.items() for note in await self.about_feed(kind, name)]

    async def about_feed(self, kind: str, name: str) -> Sequence[str]:
        try:
            feed = await self.client.feed(name)
            await self.client.events(name, feed.hash, 1)
        except NotFound:
            return [f"There is no connector {name} in the portal; changes of {kind}s come by webhook or sweep only."]
        notes = []
        if feed.module_name not in {None, "", self.modules.name(kind)}:
            notes.append(f"Connector {name} is about module {feed.module_name}, not {self.modules.name(kind)}.")
        if feed.conditions:
            notes.append(f"Connector {name} has conditions: what does not meet them is found by a sweep only.")
        return notes
