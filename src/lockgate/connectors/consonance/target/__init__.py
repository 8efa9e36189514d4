"""What is written to Consonance."""

from lockgate.connectors.consonance.target.desk import Desk
from lockgate.connectors.consonance.target.images import Images
from lockgate.connectors.consonance.target.places import Places
from lockgate.connectors.consonance.target.states import States
from lockgate.connectors.consonance.target.texts import Texts

__all__ = ["Desk", "Images", "Places", "States", "Texts"]
