"""The faults of the Hub's client in our words.

No message here repeats a header, an address with its parameters, or what the library says of them:
a token stays where it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from msgspec import Struct

from curation.errors import CurationError, RemoteUnavailable, UsageError


class Faults(Struct, frozen=True):
    """What is asked for, where, and whether a token goes with it."""

    repo: str
    address: str
    token: bool

    @contextlib.contextmanager
    def said(self, *let: type[Exception]) -> Generator[None]:
        """Say the library's faults in our words, but for those to `let` through, and that there is
        no such file."""
        import httpx
        from huggingface_hub.errors import LocalEntryNotFoundError, RemoteEntryNotFoundError

        try:
            yield
        except (*let, RemoteEntryNotFoundError, CurationError):
            raise
        except (httpx.HTTPError, ConnectionError, LocalEntryNotFoundError) as fault:
            raise self._in_words(fault) from fault
        except RuntimeError as fault:
            # An upload's fault comes wrapped.
            if not isinstance(fault.__cause__, httpx.HTTPError | ConnectionError):
                raise
            raise self._in_words(fault.__cause__) from fault

    def _in_words(self, fault: BaseException) -> CurationError:
        from huggingface_hub.errors import (
            GatedRepoError,
            HfHubHTTPError,
            OfflineModeIsEnabled,
            RepositoryNotFoundError,
        )

        log_in = "Log in (hf auth login), or set HF_TOKEN to a token of yours"
        if isinstance(fault, GatedRepoError):
            return RemoteUnavailable(
                f"{self.repo} is given out by {self.address} on conditions only",
                hint=f"Accept them on its page there. {log_in}.",
            )
        if isinstance(fault, RepositoryNotFoundError):
            why = "it is private and no token was given"
            if self.token:
                why = "the token that was given may not see it"
            return UsageError(
                f"there is no dataset {self.repo} on {self.address}, or {why}",
                hint=f"Check the name, of a folder or a repository. {log_in} that may see it.",
            )
        if isinstance(fault, HfHubHTTPError):
            status = fault.response.status_code
            if status in (401, 403):
                return RemoteUnavailable(
                    f"{self.address} does not let us do that with {self.repo} ({status})",
                    hint=f"{log_in} that has the right to.",
                )
            return RemoteUnavailable(
                f"{self.address} answers {status}: {fault.server_message or 'without a reason'}",
                hint="Run the same command again later: what was done stays done.",
            )
        if isinstance(fault, OfflineModeIsEnabled):
            return RemoteUnavailable(
                f"{self.repo} is on {self.address}, and HF_HUB_OFFLINE tells to ask nobody",
                hint="Unset HF_HUB_OFFLINE.",
            )
        return RemoteUnavailable(
            f"{self.address} does not answer about {self.repo} ({type(fault).__name__})",
            hint="Look at the network and HF_ENDPOINT, then run the same again: what was done "
            "stays done.",
        )
