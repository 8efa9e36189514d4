"""To-dos: the milestones of a work, one by one."""

from lockgate.connectors.consonance.mapping.common import Frame, Record, kept, revision, text
from lockgate.connectors.consonance.mapping.work import milestone
from lockgate.model.item import Item, Relation


def task_item(record: Record, frame: Frame) -> Item:
    """A to-do. It is done or open, which is no state of content: its status stays unknown, and says in words which."""
    work, done = record.get("workId"), record.get("doneDate")
    return Item(
        system=frame.system,
        kind="task",
        id=str(record["id"]),
        revision=revision(record),
        identifiers={"family": (str(work),)} if work else {},
        title=text(record.get("name")),
        texts={"note": said} if (said := text(record.get("note"))) else {},
        status_label="done" if done else "open",
        relations=(Relation(type="of", kind="work", id=str(work)),) if work else (),
        fields=kept({**milestone(record), "is_done": bool(done), "work": str(work) if work else None}),
        url=frame.page(work) if work else None,
    )
