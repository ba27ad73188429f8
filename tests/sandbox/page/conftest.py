from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tenantctl.sandbox import SandboxStore, make_app
from tenantctl.sandbox.page.answers import answer_page
from tests.sandbox.conftest import MANAGEMENT_TOKEN, make_client


@pytest.fixture
def http(store: SandboxStore) -> Iterator[httpx.Client]:
    """A client of the sandbox as it is served: with its page."""
    with make_client(make_app(store, management_token=MANAGEMENT_TOKEN, page=answer_page)) as client:
        yield client
