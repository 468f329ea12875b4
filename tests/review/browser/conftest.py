from collections.abc import Generator, Iterator

import pytest

from tests.conftest import Running
from tests.review.browser.page import Reviewer, reviewing

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def reviewer(label_studio: Running, request: pytest.FixtureRequest) -> Iterator[Reviewer]:
    """A logged-in person; if the test fails, what the screen shows is kept in tests/artifacts/."""
    local = label_studio.local
    with reviewing(local.url, local.user, local.password) as hands:
        yield hands
        if request.node.stash.get(FAILED, True):
            hands.keep_screen(request.node.name)
