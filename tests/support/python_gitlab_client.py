"""Calls a GitLab through python-gitlab and prints what it saw as JSON.

tests/image/gitlab-clients.test.ts runs this file.
"""

import json
import os

import gitlab

gl = gitlab.Gitlab(
    os.environ["GITLAB_URL"],
    private_token=os.environ["GITLAB_TOKEN"],
    retry_transient_errors=False,
)
seen = {}


def status_of(call):
    """Returns the status of the response for which python-gitlab raises an error, or None."""
    try:
        call()
    except gitlab.exceptions.GitlabError as error:
        return error.response_code
    return None


gl.auth()
seen["user"] = gl.user.username
seen["version"] = gl.version()[0]

# Runners: one is created, read, changed and found in each list where it belongs.
made = gl.user.runners.create(
    {
        "runner_type": "project_type",
        "project_id": int(os.environ["PROJECT_ID"]),
        "description": "by python",
        "tag_list": ["a", "b"],
    }
)
seen["token"] = made.token[:5]
runner = gl.runners.get(made.id)
seen["tags"] = sorted(runner.tag_list)
runner.paused = True
runner.tag_list = ["c"]
runner.save()
runner = gl.runners.get(made.id)
seen["changed"] = {"paused": runner.paused, "tags": runner.tag_list}
project = gl.projects.get(os.environ["PROJECT_ID"])
lists = {
    "own": list(gl.runners.list(iterator=True, per_page=1)),
    "all": gl.runners_all.list(iterator=True, per_page=1),
    "paused": gl.runners_all.list(get_all=True, paused=True),
    "project": project.runners.list(get_all=True),
}
seen["listedIn"] = sorted(name for name, runners in lists.items() if made.id in [one.id for one in runners])

seen["ownOnPagesOfOne"] = len(lists["own"])

# What a runner process does with its token.
seen["verified"] = status_of(lambda: gl.runners.verify(made.token))
seen["refused"] = status_of(lambda: gl.runners.verify("glrt-unknown"))
gl.http_post("/runners/verify", post_data={"token": made.token, "system_id": "r_000000000001"})
managers = gl.http_list(f"/runners/{made.id}/managers", get_all=True)
seen["managers"] = sorted(manager["system_id"] for manager in managers)
gl.http_delete("/runners/managers", token=made.token, system_id="r_000000000001")
seen["managersLeft"] = [manager["system_id"] for manager in gl.http_list(f"/runners/{made.id}/managers", get_all=True)]

# Jobs: the one that the test ran before.
job = project.jobs.get(os.environ["JOB_ID"])
seen["job"] = {"status": job.status, "runner": job.runner["id"] == int(os.environ["RUNNER_ID"])}
seen["log"] = job.trace().decode()
seen["jobsOfProject"] = [one.id for one in project.jobs.list(get_all=True, scope="success")]
seen["jobsOfRunner"] = [one.id for one in gl.runners.get(os.environ["RUNNER_ID"]).jobs.list(get_all=True)]

# Notes of a merge request.
notes = project.mergerequests.get(1, lazy=True).notes
note = notes.create({"body": "first"})
note.body = "second"
note.save()
seen["notes"] = [one.body for one in notes.list(get_all=True)]
note.delete()
seen["notesLeft"] = len(notes.list(get_all=True))

runner.delete()
seen["deleted"] = status_of(lambda: gl.runners.get(made.id))
seen["wrongToken"] = status_of(lambda: gitlab.Gitlab(os.environ["GITLAB_URL"], private_token="glpat-wrong").auth())

print(json.dumps(seen))
