"""What the parts of the connector share: client, modules, and the work of each kind."""

from lockgate.connectors.fourallportal.client import PortalClient
from lockgate.connectors.fourallportal.feed import Feeds
from lockgate.connectors.fourallportal.linking import Links
from lockgate.connectors.fourallportal.lookup import Lookup
from lockgate.connectors.fourallportal.modules import Modules
from lockgate.connectors.fourallportal.session import SessionAuth
from lockgate.connectors.fourallportal.settings import PortalSettings, to_auth
from lockgate.connectors.fourallportal.states import States
from lockgate.connectors.fourallportal.writing import Copies
from lockgate.kit.contract import Connector
from lockgate.kit.profile import Profile
from lockgate.kit.services import Services


class PortalBase(Connector[PortalSettings]):
    """One connection. Operations beyond the engine's contract stand in `operations`, one noun a module."""

    def __init__(self, settings: PortalSettings, profile: Profile, services: Services) -> None:
        super().__init__(settings, profile, services)
        self.quirks = settings.quirks
        self._auth = to_auth(settings, services)
        self.client = PortalClient(settings.site, self._auth, services, self.quirks)
        self.modules = Modules(self.client, profile)
        self.feeds = Feeds(self.client)
        self.lookup = Lookup(self.client, self.modules)
        self.links = Links(self.client, self.modules)
        self._copies: dict[str, Copies] = {}
        self._states: dict[str, States] = {}

    async def __aexit__(self, *exc: object) -> None:
        await self.client.close()
        if isinstance(self._auth, SessionAuth):
            await self._auth.close()

    async def copies(self, kind: str) -> Copies:
        """What writes objects of a kind. Raises Rejected for one the tenant does not have."""
        if kind not in self._copies:
            await self.modules.named(kind)
            self._copies[kind] = Copies(self.client, self.modules, kind)
        return self._copies[kind]

    async def states(self, kind: str) -> States:
        if kind not in self._states:
            await self.modules.named(kind)
            self._states[kind] = States(self.client, self.modules, kind)
        return self._states[kind]
