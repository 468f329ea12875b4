"""A language model behind an OpenAI-compatible address, whose answers are kept.

What was asked before is answered from the cache, by content: the same model, instructions, text and
settings. A run that was broken off, or is made again, pays for nothing twice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct

from curation.errors import AnnotatorError, ModelUnavailable
from curation.store import replacing

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_TRIES = 4
_LONGEST_WAIT = 60.0


class _Message(Struct):
    content: str | None = None


class _Choice(Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(Struct):
    choices: list[_Choice]


class _Kept(Struct):
    request: dict[str, Any]
    answer: str


# Made on import: msgspec crashes if two threads are the first to look at a struct's fields.
_COMPLETION = msgspec.json.Decoder(_Completion)
_KEPT = msgspec.json.Decoder(_Kept)


class Chat:
    """Asks one model. `settings` go into every request as they are (temperature, seed …); `key_env`
    names the environment variable that holds the key, which may be unset for a local server.
    `cache` is a folder, or None to keep nothing. It may be used from several threads.

    Raises: AnnotatorError if the key or the address can not be one. No error shows the key, or the
    name and password in an address.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        settings: dict[str, Any],
        key_env: str,
        timeout: float,
        cache: Path | None,
    ) -> None:
        import httpx

        key = _key(key_env)
        self._url = url.rstrip("/") + "/chat/completions"
        self._shown = _shown(self._url)
        self._model = model
        self._settings = settings
        self._key = key
        self._key_env = key_env
        self._cache = cache
        self._http = httpx.Client(
            timeout=timeout, headers={"Authorization": f"Bearer {key}"} if key else {}
        )

    def ask(self, instructions: str, text: str, read: Callable[[str], T]) -> T:
        """What `read` makes of the model's answer; only an answer it can read is kept.

        Raises: AnnotatorError if the answer can not be read, or the request was refused;
        ModelUnavailable if the server does not answer or does not let us in.
        """
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": text},
            ],
            **self._settings,
        }
        place = self._place(request)
        kept = _kept(place)
        if kept is not None:
            return self._read(kept, read)
        answer = self._answer(request)
        result = self._read(answer, read)
        if place is not None:
            with replacing(place) as stream:
                stream.write(msgspec.json.encode(_Kept(request, answer)))
        return result

    def _read(self, answer: str, read: Callable[[str], T]) -> T:
        try:
            return read(answer)
        except ValueError as fault:
            raise AnnotatorError(
                f"the answer of {self._model} can not be read: {fault}: {answer[:80]!r}",
                hint="It is asked again in the next run. A larger model keeps to the form; many "
                "servers can be told to: "
                'settings = { response_format = { type = "json_object" } }',
            ) from fault

    def _place(self, request: dict[str, Any]) -> Path | None:
        if self._cache is None:
            return None
        key = sha256(msgspec.json.encode([self._url, request], order="sorted")).hexdigest()
        return self._cache / key[:2] / f"{key}.json"

    def _answer(self, request: dict[str, Any]) -> str:
        response = self._sent(request)
        try:
            choice = _COMPLETION.decode(response.content).choices[0]
        except (msgspec.MsgspecError, IndexError) as fault:
            raise ModelUnavailable(
                f"{self._shown} does not speak as an OpenAI-compatible server does: {fault}",
                hint="`url` ends before /chat/completions, often in /v1.",
            ) from fault
        if choice.finish_reason == "length":
            raise AnnotatorError(
                f"the answer of {self._model} was cut off at its longest length",
                hint="Take a smaller `window`, or settings = { max_tokens = … }.",
            )
        return choice.message.content or ""

    def _sent(self, request: dict[str, Any]) -> httpx.Response:
        """The answer to a request, tried again where the server is only busy."""
        import httpx

        for attempt in range(1, _TRIES + 1):
            try:
                response = self._http.post(self._url, json=request)
            except (httpx.LocalProtocolError, httpx.UnsupportedProtocol):
                # Its text may hold the headers, and so the key.
                raise AnnotatorError(
                    f"a request to {self._shown} can not be written",
                    hint=f"Check `url`, and the key in {self._key_env}.",
                ) from None
            except httpx.TransportError as fault:
                if attempt == _TRIES or isinstance(fault, httpx.ConnectError):
                    why = str(fault) or type(fault).__name__
                    raise ModelUnavailable(
                        f"no language model answers at {self._shown}: {why}",
                        hint="Start it, check `url`, or give it more time: timeout = 600. What was "
                        "answered is kept: run again.",
                    ) from fault
                wait = 2.0**attempt
            else:
                if response.is_success:
                    return response
                if attempt == _TRIES or response.status_code not in (429, 500, 502, 503, 504):
                    raise self._refusal(response)
                wait = _asked_wait(response, 2.0**attempt)
            time.sleep(min(wait, _LONGEST_WAIT))
        raise AssertionError("the last try returns or raises")

    def _refusal(self, response: httpx.Response) -> AnnotatorError | ModelUnavailable:
        status = response.status_code
        said = response.text.replace(self._key, "…") if self._key else response.text
        what = f"{self._shown} answered {status}: {said[:200]}"
        if status in (400, 413, 422):
            return AnnotatorError(what, hint="Is the text too long? Take a smaller `window`.")
        if status in (401, 403):
            return ModelUnavailable(what, hint=f"Set {self._key_env} to your key.")
        if status == 404:
            return ModelUnavailable(what, hint=f"Does it serve the model {self._model!r}?")
        return ModelUnavailable(what, hint="What was answered is kept: run again later.")


def _key(key_env: str) -> str:
    """The key in the environment, without white space around it; empty if there is none."""
    key = os.environ.get(key_env, "").strip()
    if not all("!" <= char <= "~" for char in key):
        raise AnnotatorError(
            f"{key_env} holds no key: a key has only letters, digits and signs of ASCII",
            hint=f"Set {key_env} again, to the key alone.",
        )
    return key


def _shown(url: str) -> str:
    """An address as errors show it: without name, password and query."""
    import httpx

    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise AnnotatorError(
            "`url` is not the address of a server",
            hint='It looks like this: url = "http://localhost:11434/v1"',
        ) from None
    return str(address.copy_with(userinfo=b"", query=None, fragment=None))


def _asked_wait(response: httpx.Response, otherwise: float) -> float:
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isdecimal() else otherwise


def _kept(place: Path | None) -> str | None:
    if place is None or not place.is_file():
        return None
    try:
        return _KEPT.decode(place.read_bytes()).answer
    except msgspec.MsgspecError as fault:
        raise AnnotatorError(f"{place}: {fault}", hint="Delete this file.") from fault
