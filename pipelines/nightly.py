"""The nightly flow: land every source, prepare, classify, publish.

Tasks take names only and open what they need themselves, so that any worker can run them. The run ledger in the
warehouse, not the orchestrator, is the record of what was done.
"""

from __future__ import annotations

from contextlib import closing

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from cxnlp import __version__, stages
from cxnlp.assembly import build_intake, build_source, build_tagger, build_warehouse
from cxnlp.errors import DataError, Unavailable
from cxnlp.preparation import Preparation
from cxnlp.settings import load_settings

DELAYS: list[float] = [60, 300, 900]


async def if_it_may_pass(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Retry outages and locks only: wrong settings and bad data stay wrong."""
    return isinstance(await state.aresult(raise_on_failure=False), Unavailable)


@task(retries=3, retry_delay_seconds=DELAYS, retry_condition_fn=if_it_may_pass, cache_policy=NO_CACHE)
def land(source: str) -> tuple[int, list[str]]:
    """Land one source; return how many records were new, rejected ones among them, and the files it could not read."""
    settings = load_settings()
    with (
        closing(build_warehouse(settings)) as warehouse,
        stages.open_run(warehouse, "nightly land", version=__version__, batch=settings.pipeline.batch) as run,
    ):
        landed = stages.land(run, build_source(settings, source), build_intake(settings, source)).landed
        return landed, [f"{source}/{one.location.file}" for one in run.unreadable]


@task(retries=3, retry_delay_seconds=DELAYS, retry_condition_fn=if_it_may_pass, cache_policy=NO_CACHE)
def enrich() -> int:
    """Prepare, classify and publish what waits; return how many records were tagged."""
    settings = load_settings()
    tagger = build_tagger(settings)
    with (
        closing(build_warehouse(settings)) as warehouse,
        stages.open_run(
            warehouse,
            "nightly enrich",
            version=__version__,
            model_version=tagger.model_version,
            batch=settings.pipeline.batch,
        ) as run,
    ):
        stages.prepare(run, Preparation())
        tagged = stages.classify(run, tagger).tagged
        stages.publish(warehouse, tagger.model_version, settings.warehouse.timezone)
        return tagged


@flow(name="nightly", log_prints=False)
def nightly(sources: list[str] | None = None) -> dict[str, int]:
    """Take every source, or only the named ones, through all stages; return how many records were landed and tagged.

    Raises:
        DataError: If files could not be read; everything else has gone through by then.
    """
    results = [land(source) for source in sources or list(load_settings().sources)]
    counts = {"landed": sum(landed for landed, _ in results), "tagged": enrich()}
    unreadable = [file for _, files in results for file in files]
    if unreadable:
        raise DataError(f"{', '.join(unreadable)} could not be read; see: cxnlp rejected list. The rest went through.")
    return counts


if __name__ == "__main__":
    nightly()
