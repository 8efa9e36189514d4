"""What people do, as API and command line offer it: checked, done, audited with who did it."""

from lockgate.app.acts.choices import choose_counterpart, unchoose_counterpart
from lockgate.app.acts.connections import (
    add_connection,
    confirm_profile,
    confirm_proposal,
    give_consent,
    remove_connection,
    reveal_webhook,
    set_matches,
)
from lockgate.app.acts.flows import (
    activate_flow,
    add_flow,
    apply_plan,
    cancel_run,
    pause_flow,
    plan_flow,
    remove_flow,
    resume_flow,
    run_flow,
)
from lockgate.app.acts.items import drop, look_again, retry_one, retry_parked
from lockgate.app.acts.noting import LOCAL, note
from lockgate.app.acts.recalls import lift, recall
from lockgate.app.correcting import Chosen

__all__ = [
    "LOCAL",
    "Chosen",
    "activate_flow",
    "add_connection",
    "add_flow",
    "apply_plan",
    "cancel_run",
    "choose_counterpart",
    "confirm_profile",
    "confirm_proposal",
    "drop",
    "give_consent",
    "lift",
    "look_again",
    "note",
    "pause_flow",
    "plan_flow",
    "recall",
    "remove_connection",
    "remove_flow",
    "resume_flow",
    "retry_one",
    "retry_parked",
    "reveal_webhook",
    "run_flow",
    "set_matches",
    "unchoose_counterpart",
]
