"""Reviews in the server's workflow engine: started once, followed, decided."""

import pytest
from aiohttp import web

from lockgate.connectors.opentext.connector import OpenText
from lockgate.kit.errors import NotFound, Rejected

from .conftest import APPROVAL, Connect, Server, served


async def started(server: Server, ecm: OpenText, title: str = "Review of M-1, version 3") -> int:
    document = await server.upload(await server.workspace("1"), "claim.pdf", user="admin")
    return await ecm.start_workflow(
        APPROVAL, [document], title, values={"WorkflowForm_9": "Claims", "WorkflowForm_10": ""}
    )


async def test_a_document_tells_which_workflows_it_may_go_through(server: Server, ecm: OpenText) -> None:
    document = await server.upload(await server.workspace("1"), "claim.pdf", user="admin")
    assert APPROVAL in [one.id for one in await ecm.workflows_for(document)]
    assert [one["title"] for one in (await ecm.workflow_definition(APPROVAL))["tasks"]] == ["Approver"]


async def test_a_workflow_is_followed_from_start_to_decision(server: Server, ecm: OpenText, connect: Connect) -> None:
    process = await started(server, ecm)
    running = await ecm.workflow(process)
    (step,) = running.current
    assert (running.title, step.name, [one.login for one in step.assignees]) == (
        "Review of M-1, version 3",
        "Approver",
        ["jdoe"],
    )
    assert not running.ended
    async with connect(user="jdoe") as jane:
        (task,) = await jane.my_tasks()
        assert task.process == process
        offered = await jane.choices(step)
        assert set(offered.decisions) == {"Approve", "Reject"}
        with pytest.raises(Rejected, match="it offers: Approve, Reject"):
            await jane.decide(step, "Maybe")
        await jane.decide(step, "Approve", comment="as claimed", values={"WorkflowForm_9": "All claims hold"})
        with pytest.raises(NotFound, match="not open any more"):
            await jane.decide(step, "Reject")
        assert await jane.my_tasks() == []
    ended = await ecm.workflow(process)
    assert ended.ended
    assert [one.name for one in ended.completed] == ["Approver"]
    (done,) = await ecm.history(process)
    assert (done.step, done.decision, done.comment, done.by) == ("Approver", "Approve", "as claimed", "jdoe")


async def test_a_workflow_whose_answer_was_lost_is_not_started_twice(server: Server, ecm: OpenText) -> None:
    document = await server.upload(await server.workspace("1"), "claim.pdf", user="admin")
    first = await ecm.start_workflow(APPROVAL, [document], "Review 1")
    again = await ecm.start_workflow(APPROVAL, [document], "Review 1")
    other = await ecm.start_workflow(APPROVAL, [document], "Review 2")
    assert first == again != other


async def test_a_workflow_is_stopped_and_removed(server: Server, ecm: OpenText) -> None:
    process = await started(server, ecm)
    await ecm.change_workflow(process, "stop")
    assert (await ecm.workflow(process)).status == "stopped"
    await ecm.delete_workflow(process)
    with pytest.raises((NotFound, Rejected)):
        await ecm.workflow(process)


async def test_a_task_is_passed_on_to_somebody_else(server: Server, ecm: OpenText, connect: Connect) -> None:
    process = await started(server, ecm)
    (step,) = (await ecm.workflow(process)).current
    async with connect(user="jdoe") as jane:
        await jane.decide(step, "Delegate", delegate_to=1002)
    (now,) = (await ecm.workflow(process)).current
    assert [one.login for one in now.assignees] == ["rroe"]


async def test_a_map_that_wants_the_starters_password_is_left_to_a_person(connect: Connect) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/draftprocesses/update"):
            return web.json_response({"data": {"process_id": 8001, "authentication": True}, "forms": []})
        if request.method == "POST":
            return web.json_response({"results": {"draftprocess_id": 8001, "workflow_type": "1_1"}})
        return web.json_response({"results": []})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with served(app) as url, connect(site=url, sign_in="ticket", password="T1") as ecm:
        with pytest.raises(Rejected, match="start it by hand"):
            await ecm.start_workflow(APPROVAL, [5101], "Review 1")
