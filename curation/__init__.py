"""Entity and event dataset curation: pre-annotate, review in Label Studio, publish versions."""

from __future__ import annotations

from typing import Any

__all__ = ["__version__", "load"]

__version__: str


def load(
    dataset: str, version: str | None = None, view: str = "documents", split: str = "train"
) -> Any:
    """Rows of one view and split of one version of a published dataset: a `datasets.Dataset`.

    `dataset` is a dataset directory, or `owner/name` on the Hugging Face Hub. `version` is the
    newest if not given. The bytes are checked against the manifest first. See
    `curation.publish.load`, which this is.
    """
    from curation.publish import load as load_version

    return load_version(dataset, version=version, view=view, split=split)


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib import metadata

        return metadata.version("curation")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
