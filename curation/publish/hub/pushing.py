"""Versions of a dataset directory onto the Hub: one commit and one tag each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from curation.errors import Diverged
from curation.publish.hub.client import Blob, Hub, Refs
from curation.publish.hub.history import History, history, same, same_tree, shared, tag_of
from curation.publish.proof import proven
from curation.publish.shelf.manifest import MANIFEST, read_manifest
from curation.publish.shelf.mirror import anywhere
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.versions import LIST, Entry, encode_list, folder_of, versions
from curation.store.quiet import quietly

#: What was (or would be) done for a version. `again`: the head is made to be it once more.
Done = Literal["committed", "tagged", "again"]


class Step(Struct, frozen=True):
    """What was done for one version, or would be: `files` of the commit that the head did not have,
    their `bytes` (the Hub may hold some of them already), and how many `stale` ones it removed."""

    version: str
    done: Done
    commit: str | None
    files: int = 0
    bytes: int = 0
    stale: int = 0


class Pushed(Struct, frozen=True):
    """What a push did, or would do. `there` are the versions that needed nothing; `private` is what
    the repository is afterwards; `strange_head` is a commit of somebody else on top of the newest
    version, which was left alone as there was nothing to commit; `by` are those who
    published the versions, whose names are in the list that goes there."""

    repo: str
    url: str
    created: bool
    private: bool
    there: tuple[str, ...]
    steps: tuple[Step, ...]
    strange_head: str | None = None
    by: tuple[str, ...] = ()


@anywhere(every=True)
@quietly()
def push(
    dataset: Path | str,
    repo: str,
    *,
    public: bool = False,
    over: str | None = None,
    token: str | None = None,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Pushed:
    """Bring the versions of a dataset directory that the repository does not have to the Hub.

    Each becomes one commit, in which nothing of an earlier version is left, and one tag. The bytes
    of a version are proven first. A new repository is private unless `public`; a private one
    becomes public with it, at the end. What a push that was killed has uploaded or committed is
    taken as it is. `over` is the head's commit, if it may be replaced though it is not ours.

    Raises: Diverged if the repository holds another history or more versions, or its head is not
    the newest version; Corrupted if a version here is; UsageError and RemoteUnavailable as `Hub`.
    """
    dataset = Path(dataset)
    entries = versions(dataset)
    hub = Hub(repo, token)
    private = hub.private()
    created = private is None
    if created and not dry_run:
        hub.create(private=not public)
        progress(f"made {hub.url}, {'public' if public else 'private'}")
    past = history(hub) if not (created and dry_run) else History(Refs("", {}), {}, ())
    if len(past.entries) > shared(entries, past.entries, str(dataset), hub):
        raise Diverged(
            f"{hub.url} has {past.entries[-1].version}, which {dataset} does not have",
            hint=f"Fetch it first: curation hub pull {repo} {dataset}",
        )
    if private is False and not past.tagged and not public:
        raise Diverged(
            f"{hub.url} is public, and holds no version of {dataset} yet",
            hint="Everybody would see it. If that is meant, say --public.",
        )
    work = _Push(hub, dataset, (*past.entries, *entries[len(past.entries) :]), dry_run, progress)
    steps, head = work.run(past, over)
    if public and private and not dry_run:
        hub.publicise()
        progress(f"{hub.url} is public now")
    busy = {step.version for step in steps}
    there = tuple(entry.version for entry in entries if entry.version not in busy)
    seen = not public if created else bool(private) and not public
    by = tuple(sorted({entry.by for entry in entries if entry.by}))
    return Pushed(repo, hub.url, created, seen, there, tuple(steps), head, by)


class _Push:
    def __init__(
        self,
        hub: Hub,
        dataset: Path,
        entries: tuple[Entry, ...],
        dry_run: bool,
        progress: Callable[[str], None],
    ) -> None:
        self._hub = hub
        self._dataset = dataset
        self._entries = entries
        self._dry = dry_run
        self._progress = progress
        self._digests = Digests()

    def run(self, past: History, over: str | None) -> tuple[list[Step], str | None]:
        """Tag what was committed only, then commit and tag the rest."""
        tagged = dict(past.tagged)
        steps = [self._tag(entry, commit) for entry, commit in self._untagged(past)]
        tagged |= {step.version: step.commit or "" for step in steps}
        there = [entry for entry in self._entries if entry.version in tagged]
        if there != list(self._entries[: len(there)]):
            lost = next(one for one in self._entries if one.version not in tagged).version
            raise Diverged(
                f"{self._hub.url} has no tag {tag_of(lost)}, but later versions, and no commit "
                "there holds that version",
                hint="Push to a new repository, which will have them all.",
            )
        head = past.refs.head
        tree = self._hub.tree(head) if head else {}
        strange = self._strange(there, tagged, head, tree)
        todo = self._entries[len(there) :]
        if strange and not _names(over, head):
            if todo:
                raise self._moved(there, head)
            return steps, head
        if strange and not todo:
            steps.append(self._commit(there[-1], head, tree, "again")[0])
        for entry in todo:
            step, tree = self._commit(entry, head, tree, "committed")
            head = step.commit or ""
            steps.append(step)
        return steps, None

    def _untagged(self, past: History) -> list[tuple[Entry, str]]:
        """The commits of versions that have no tag: a push that was killed in between left them."""
        missing = {
            _title(entry): entry for entry in self._entries if entry.version not in past.tagged
        }
        if not missing or not past.refs.head:
            return []
        found: dict[str, tuple[Entry, str]] = {}
        for commit, title in self._hub.titles():
            entry = missing.get(title)
            if entry is None or title in found:
                continue
            folder, files = self._files(entry)
            if same_tree(self._hub.tree(commit), folder, files):
                found[title] = entry, commit
        return sorted(found.values(), key=lambda pair: self._entries.index(pair[0]))

    def _strange(
        self, there: list[Entry], tagged: Mapping[str, str], head: str, tree: Mapping[str, Blob]
    ) -> bool:
        """Whether the head is something that is not ours."""
        if not there:
            return bool(tree)
        if head == tagged[there[-1].version]:
            return False
        return not same_tree(tree, *self._files(there[-1]))

    def _moved(self, there: list[Entry], head: str) -> Diverged:
        last = f"after {there[-1].version} " if there else ""
        return Diverged(
            f"the head of {self._hub.url} has moved: something else was committed {last}({head})",
            hint=f"Look at {self._hub.url}/commit/{head}. To put the versions on top of it, so "
            f"that the head is the newest version and nothing else: --over {head[:12]}",
        )

    def _commit(
        self, entry: Entry, head: str, tree: Mapping[str, Blob], done: Done
    ) -> tuple[Step, dict[str, Blob]]:
        """Commit a version onto the head, and tag it unless it is there `again`."""
        proven(self._dataset, entry, self._digests)
        folder, files = self._files(entry)
        listed = encode_list(self._entries[: self._entries.index(entry) + 1])
        fresh: dict[str, Path | bytes] = {
            path: folder / path
            for path, blob in files.items()
            if path not in tree or not same(tree[path], blob, folder / path)
        }
        size = sum(files[path].size for path in fresh) + len(listed)
        gone = set(tree) - set(files) - {LIST}
        fresh[LIST] = listed
        commit = None
        if not self._dry:
            title = _title(entry) if done == "committed" else f"{_title(entry)} again"
            self._progress(f"{entry.version}: {len(fresh)} files, {size:,} bytes")
            commit = self._hub.commit(head, title, f"manifest {entry.manifest}", fresh, gone)
            if commit is None:
                commit = self._hub.refs().head
                if not same_tree(self._hub.tree(commit), folder, files):
                    raise self._moved([*self._entries[: self._entries.index(entry)]], commit)
            self._progress(f"{entry.version} is committed")
            if done == "committed":
                self._tag(entry, commit)
        return Step(entry.version, done, commit, len(fresh), size, len(gone)), files

    def _tag(self, entry: Entry, commit: str) -> Step:
        name = tag_of(entry.version)
        if not self._dry:
            if not self._hub.tag(name, commit) and self._hub.refs().tags.get(name) != commit:
                raise Diverged(
                    f"{self._hub.url} has a tag {name} at another commit than {commit}",
                    hint="Somebody else pushes there: look at it, then run the same again.",
                )
            self._progress(f"{entry.version} is tagged {name}")
        return Step(entry.version, "tagged", commit)

    def _files(self, entry: Entry) -> tuple[Path, dict[str, Blob]]:
        """The folder of a version, and the files that its commit has besides the list."""
        folder = folder_of(self._dataset, entry.version)
        files = {one.path: Blob(one.size, one.sha256) for one in read_manifest(folder).files}
        files[MANIFEST] = Blob((folder / MANIFEST).stat().st_size, entry.manifest)
        return folder, files


def _title(entry: Entry) -> str:
    return f"Version {entry.version}"


def _names(over: str | None, head: str) -> bool:
    return bool(over) and len(over) >= 7 and head.startswith(over)
