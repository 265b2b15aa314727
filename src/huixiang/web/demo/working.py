"""Is what the demonstration's people asked for done when somebody looks? Its jobs are worked here, at once."""

from __future__ import annotations

from huixiang.apps.access import jobs
from huixiang.apps.access.models import Job


def work_off(job: Job | None) -> bool:
    """Do the job now where it waits; has it come to its end?

    One whose process died is the server's: its reaper puts it back into the queue after a minute.
    """
    if job is None:
        return False
    jobs.perform.func(str(job.pk))
    job.refresh_from_db()
    return job.state == Job.State.DONE
