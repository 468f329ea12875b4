"""A Hugging Face Hub for datasets on loopback, which the real clients speak to.

Written from what `huggingface_hub` and `datasets` ask for; never compared with the real Hub. It
keeps repositories, commits with an optimistic lock (412), branches, tags, git-LFS uploads, tokens
with read or write rights, visibility, pages in listings and redirects to where large files lie.
It can be told to fail, to do something and lose the answer, or to wait.

What it does not imitate: Xet storage, multipart uploads, S3 signatures, pull requests, gated
repositories, organisations' roles, garbage collection of files that no commit has, limits on sizes
and numbers of files, the check of a card's YAML, converted branches (`refs/convert/parquet`), the
dataset viewer, and real git objects: a commit's id is a hash of its own making, a file's is git's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

OWNER, READER, STRANGER = "hf_ownersecret", "hf_readersecret", "hf_strangersecret"
WHEN = "2026-01-02T12:00:00.000Z"
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
#: Files a page of a listing; the Hub has 1,000.
PAGE = 5


def git_sha(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass(frozen=True)
class Blob:
    """A file in a tree. A large one has its SHA-256 as key, and a pointer in git."""

    key: str
    size: int
    large: bool

    def plain(self, path: str) -> dict[str, Any]:
        if not self.large:
            return {"type": "file", "path": path, "oid": self.key, "size": self.size}
        oid = git_sha(b"pointer to " + self.key.encode())
        lfs = {"oid": self.key, "size": self.size, "pointerSize": 133}
        return {"type": "file", "path": path, "oid": oid, "size": self.size, "lfs": lfs}


@dataclass(frozen=True)
class Commit:
    tree: dict[str, Blob]
    title: str
    parent: str | None


@dataclass
class Repo:
    private: bool
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, tree: dict[str, Blob], title: str) -> str:
        parent = self.branches.get("main")
        said = [sorted((path, blob.key) for path, blob in tree.items()), title, parent]
        oid = hashlib.sha1(json.dumps(said).encode()).hexdigest()
        self.commits[oid] = Commit(tree, title, parent)
        self.branches["main"] = oid
        return oid

    def commit_of(self, revision: str) -> str | None:
        name = unquote(revision)
        known = self.branches.get(name) or self.tags.get(name)
        return known or (name if name in self.commits else None)


@dataclass
class Fault:
    """Answer `status` (0: hang up) to the next `times` requests that match; with `after` they are
    carried out first. With `hold` the answer waits for it; `reached` is set when it does."""

    pattern: str
    status: int
    times: int = 1
    after: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        self.reached.set()
        if self.hold:
            self.hold.wait()
        return self.status, self.headers, b'{"error": "told to fail"}'


class Refused(Exception):
    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message or code


class HubDouble:
    """The state; `serving` puts it on a port."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.log: list[str] = []
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self.address = ""

    def fail(self, pattern: str, status: int, **more: Any) -> Fault:
        self.faults.append(Fault(pattern, status, **more))
        return self.faults[-1]

    def asked(self, pattern: str) -> list[str]:
        return [line for line in self.log if re.search(pattern, line)]

    def tree(self, repo: str, revision: str = "main") -> dict[str, bytes]:
        """The files of a revision, for the tests."""
        held = self.repos[repo]
        commit = held.commit_of(revision)
        assert commit is not None
        tree = held.commits[commit].tree
        return {path: self.blobs[blob.key] for path, blob in tree.items()}

    def put(self, repo: str, title: str = "by hand", **files: bytes | None) -> str:
        """A commit that somebody makes on the page of the repository."""
        held = self.repos[repo]
        tree = dict(held.commits[held.branches["main"]].tree)
        for name, data in files.items():
            path = name.replace("__", ".")
            if data is None:
                del tree[path]
            else:
                tree[path] = self.store(data)
        return held.add(tree, title)

    def store(self, data: bytes) -> Blob:
        self.blobs[git_sha(data)] = data
        return Blob(git_sha(data), len(data), False)

    # What is asked for, by method and path.

    def create(self, ask: Ask) -> Any:
        said = ask.json()
        name = f"{said.get('organization') or 'owner'}/{said['name']}"
        ask.may("owner")
        url = f"{self.address}/datasets/{name}"
        if name in self.repos:
            # The client takes the address from the answer.
            return 409, {}, json.dumps({"error": "You already created it", "url": url}).encode()
        repo = self.repos[name] = Repo(said.get("visibility") == "private")
        repo.add({".gitattributes": self.store(ATTRIBUTES)}, "initial commit")
        return {"url": url, "name": name}

    def settings(self, ask: Ask) -> Any:
        ask.repo("owner").private = ask.json()["visibility"] == "private"
        return {}

    def info(self, ask: Ask) -> Any:
        repo, commit = ask.commit()
        return {
            "id": ask.part("repo"),
            "_id": "0",
            "sha": commit,
            "private": repo.private,
            "disabled": False,
            "gated": False,
            "tags": [],
            "downloads": 0,
            "likes": 0,
            "lastModified": WHEN,
            "createdAt": WHEN,
            "siblings": [{"rfilename": path} for path in repo.commits[commit].tree],
        }

    def refs(self, ask: Ask) -> Any:
        repo = ask.repo()
        kinds = (("branches", "heads", repo.branches), ("tags", "tags", repo.tags))
        named = {
            kind: [
                {"name": name, "ref": f"refs/{place}/{name}", "targetCommit": commit}
                for name, commit in held.items()
            ]
            for kind, place, held in kinds
        }
        return {**named, "converts": []}

    def commits(self, ask: Ask) -> Any:
        repo, commit = ask.commit()
        found: list[dict[str, Any]] = []
        at: str | None = commit
        while at is not None:
            made = repo.commits[at]
            authors = [{"user": "owner"}]
            found.append(
                {"id": at, "title": made.title, "message": "", "date": WHEN, "authors": authors}
            )
            at = made.parent
        return ask.page(found)

    def tree_of(self, ask: Ask) -> Any:
        repo, commit = ask.commit()
        base = unquote(ask.part("path") or "").strip("/")
        inside = f"{base}/" if base else ""
        found: dict[str, dict[str, Any]] = {}
        for path, blob in repo.commits[commit].tree.items():
            if not path.startswith(inside):
                continue
            steps = path.removeprefix(inside).split("/")
            deep = ask.query.get("recursive", "").lower() in ("true", "1")
            for depth in range(1, len(steps) if deep else min(len(steps), 2)):
                folder = inside + "/".join(steps[:depth])
                found[folder] = {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0}
            if deep or len(steps) == 1:
                found[path] = blob.plain(path)
        if base and not found:
            raise Refused(404, "EntryNotFound")
        return ask.page(list(found.values()))

    def paths(self, ask: Ask) -> Any:
        repo, commit = ask.commit()
        tree = repo.commits[commit].tree
        found: list[dict[str, Any]] = []
        for name in ask.form()["paths"]:
            path = name.strip("/")
            if path in tree:
                found.append(tree[path].plain(path))
            elif any(one.startswith(f"{path}/") for one in tree):
                found.append({"type": "directory", "path": path, "oid": "0" * 40})
        return found

    def preupload(self, ask: Ask) -> Any:
        ask.repo("owner")
        repo, commit = ask.commit()
        tree = repo.commits[commit].tree
        return {
            "files": [
                {
                    "path": one["path"],
                    "uploadMode": "lfs" if one["path"].endswith(".parquet") else "regular",
                    "shouldIgnore": False,
                    "oid": tree[one["path"]].key if one["path"] in tree else None,
                }
                for one in ask.json()["files"]
            ]
        }

    def batch(self, ask: Ask) -> Any:
        ask.repo("owner")
        objects: list[dict[str, Any]] = []
        for one in ask.json()["objects"]:
            answer = {"oid": one["oid"], "size": one["size"]}
            if one["oid"] not in self.blobs:
                href = f"{self.address}/lfs/{one['oid']}"
                answer["actions"] = {"upload": {"href": href, "header": {}}}
            objects.append(answer)
        return {"transfer": "basic", "objects": objects}

    def upload(self, ask: Ask) -> Any:
        if hashlib.sha256(ask.body).hexdigest() != ask.part("oid"):
            raise Refused(400, message="these are other bytes")
        self.blobs[ask.part("oid")] = ask.body
        return {}

    def commit(self, ask: Ask) -> Any:
        repo = ask.repo("owner")
        lines = [json.loads(line) for line in ask.body.splitlines()]
        header = lines[0]["value"]
        head = repo.branches[unquote(ask.part("revision"))]
        if header.get("parentCommit") not in (None, head):
            raise Refused(412, message="A commit has happened since. Please refresh and try again.")
        tree = dict(repo.commits[head].tree)
        for line in lines[1:]:
            value = line["value"]
            path = value["path"]
            if line["key"] == "file":
                tree[path] = self.store(base64.b64decode(value["content"]))
            elif line["key"] == "lfsFile":
                if value["oid"] not in self.blobs:
                    raise Refused(400, message=f"{path} was not uploaded")
                tree[path] = Blob(value["oid"], len(self.blobs[value["oid"]]), True)
            elif line["key"] == "deletedFile":
                if path not in tree:
                    raise Refused(404, "EntryNotFound", "A file with this name doesn't exist")
                del tree[path]
            else:
                raise Refused(400, message=f"not imitated: {line['key']}")
        oid = repo.add(tree, header["summary"])
        url = f"{self.address}/datasets/{ask.part('repo')}/commit/{oid}"
        return {"success": True, "commitOid": oid, "commitUrl": url}

    def tag(self, ask: Ask) -> Any:
        repo = ask.repo("owner")
        _, commit = ask.commit()
        name = ask.json()["tag"]
        if name in repo.tags:
            raise Refused(409, message="Tag reference exists already")
        repo.tags[name] = commit
        return {}

    def resolve(self, ask: Ask) -> Any:
        repo, commit = ask.commit()
        blob = repo.commits[commit].tree.get(unquote(ask.part("path")))
        seen = {"X-Repo-Commit": commit}
        if blob is None:
            raise Refused(404, "EntryNotFound")
        data = self.blobs[blob.key]
        if not blob.large:
            return ask.bytes(data, {**seen, "ETag": f'"{blob.key}"'})
        # As on the Hub, a large file lies on another host; its name and size are said here.
        elsewhere = self.address.replace("127.0.0.1", "localhost")
        linked = {"X-Linked-Etag": f'"{blob.key}"', "X-Linked-Size": str(blob.size)}
        return 302, {**seen, **linked, "Location": f"{elsewhere}/cdn/{blob.key}"}, b""

    def large(self, ask: Ask) -> Any:
        return ask.bytes(self.blobs[ask.part("oid")], {"ETag": f'"{ask.part("oid")}"'})


_REPO = r"(?P<repo>[^/]+/[^/]+)"
_API = rf"/api/datasets/{_REPO}"
_AT = r"(?P<revision>[^/]+)"
_ROUTES: list[tuple[str, str, Callable[[HubDouble, Ask], Any]]] = [
    # What the client asks to name itself in its requests.
    (
        "GET",
        r"/api/agent-harnesses",
        lambda hub, ask: {"standardEnvVars": [], "harnesses": {}},
    ),
    ("GET", r"/api/whoami-v2", lambda hub, ask: {"type": "user", "name": ask.who, "orgs": []}),
    ("POST", r"/api/validate-yaml", lambda hub, ask: {"errors": [], "warnings": []}),
    ("POST", r"/api/repos/create", HubDouble.create),
    ("PUT", rf"{_API}/settings", HubDouble.settings),
    ("GET", rf"{_API}(?:/revision/{_AT})?", HubDouble.info),
    ("GET", rf"{_API}/refs", HubDouble.refs),
    ("GET", rf"{_API}/commits/{_AT}", HubDouble.commits),
    ("GET", rf"{_API}/tree/{_AT}(?P<path>/.*)?", HubDouble.tree_of),
    ("POST", rf"{_API}/paths-info/{_AT}", HubDouble.paths),
    ("POST", rf"{_API}/preupload/{_AT}", HubDouble.preupload),
    ("POST", rf"/datasets/{_REPO}\.git/info/lfs/objects/batch", HubDouble.batch),
    ("PUT", r"/lfs/(?P<oid>[0-9a-f]{64})", HubDouble.upload),
    ("POST", rf"{_API}/commit/{_AT}", HubDouble.commit),
    ("POST", rf"{_API}/tag/{_AT}", HubDouble.tag),
    ("GET", rf"/datasets/{_REPO}/resolve/{_AT}/(?P<path>.+)", HubDouble.resolve),
    ("GET", r"/cdn/(?P<oid>[0-9a-f]{64})", HubDouble.large),
]
_WHO = {OWNER: "owner", READER: "reader", STRANGER: "stranger"}


class Ask:
    """One request."""

    def __init__(self, hub: HubDouble, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        url = urlsplit(handler.path)
        self.hub, self.body, self.path = hub, body, url.path
        self.query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self.headers = handler.headers
        token = (handler.headers.get("Authorization") or "").removeprefix("Bearer ")
        self.who = _WHO.get(token, "")
        self.known = not token or bool(self.who)
        self.parts: dict[str, str | None] = {}

    def part(self, name: str) -> str:
        return self.parts.get(name) or ""

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, list[str]]:
        if "json" in self.headers.get("Content-Type", ""):
            return self.json()
        return parse_qs(self.body.decode())

    def may(self, who: str) -> None:
        if not self.known:
            raise Refused(401, message="Invalid credentials in Authorization header")
        if not self.who:
            raise Refused(401, message="Invalid username or password.")
        if self.who != who:
            raise Refused(403, message="You don't have the rights to write here")

    def repo(self, writer: str = "") -> Repo:
        found = self.hub.repos.get(self.part("repo"))
        hidden = found is None or (found.private and self.who not in ("owner", "reader"))
        if not self.known:
            raise Refused(401, message="Invalid credentials in Authorization header")
        if hidden or found is None:
            raise Refused(404 if self.who else 401, "RepoNotFound", "Repository not found")
        if writer:
            self.may(writer)
        return found

    def commit(self) -> tuple[Repo, str]:
        repo = self.repo()
        commit = repo.commit_of(self.part("revision") or "main")
        if commit is None:
            raise Refused(404, "RevisionNotFound", "Invalid rev id")
        return repo, commit

    def page(self, found: list[Any]) -> Any:
        """A page of a listing, and in a header where the next one is."""
        start = int(self.query.get("cursor", "0"))
        headers: dict[str, str] = {}
        if start + PAGE < len(found):
            kept = "".join(f"&{name}={v}" for name, v in self.query.items() if name != "cursor")
            url = f"{self.hub.address}{self.path}?cursor={start + PAGE}{kept}"
            headers["Link"] = f'<{url}>; rel="next"'
        return 200, headers, json.dumps(found[start : start + PAGE]).encode()

    def bytes(self, data: bytes, headers: dict[str, str]) -> Any:
        wanted = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        headers = {**headers, "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream"}
        if not wanted:
            return 200, headers, data
        first, last = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        span = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
        return 206, {**headers, **span}, data[first : last + 1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: HubDouble

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def answer(self) -> None:
        ask = Ask(self.hub, self, self._read())
        line = f"{self.command} {self.path}"
        with self.hub.lock:
            self.hub.log.append(line)
            fault = next(
                (f for f in self.hub.faults if f.times and re.search(f.pattern, line)), None
            )
            if fault:
                fault.times -= 1
        done = None if fault and not fault.after else self._carry_out(ask)
        self._send(*(fault.answer() if fault or done is None else done))

    def _carry_out(self, ask: Ask) -> tuple[int, dict[str, str], bytes]:
        method = "GET" if self.command == "HEAD" else self.command
        for wanted, pattern, answer in _ROUTES:
            if found := wanted == method and re.fullmatch(pattern, ask.path):
                ask.parts = found.groupdict()
                try:
                    with self.hub.lock:
                        given = answer(self.hub, ask)
                except Refused as why:
                    said = {"X-Error-Message": why.message} | (
                        {"X-Error-Code": why.code} if why.code else {}
                    )
                    return why.status, said, json.dumps({"error": why.message}).encode()
                if isinstance(given, tuple):
                    return given
                return 200, {}, json.dumps(given).encode()
        self.hub.log[-1] += "  <- not imitated"
        return 404, {}, b'{"error": "not imitated"}'

    def _read(self) -> bytes:
        if (length := self.headers.get("Content-Length")) is not None:
            return self.rfile.read(int(length))
        body = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline().strip() or b"0", 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return body

    def _send(self, status: int, headers: dict[str, str], data: bytes) -> None:
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer


@contextmanager
def serving() -> Iterator[HubDouble]:
    hub = HubDouble()

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # a client that was killed
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
