"""The YAML head of a card, from which `datasets` takes views, files and features."""

from __future__ import annotations

import re
from typing import Any

from curation.publish.features import VIEWS, features
from curation.publish.manifest import Manifest
from curation.publish.statistics import Statistics

_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card_head(manifest: Manifest, counted: Statistics) -> str:
    """The YAML: configs, features, splits and sizes, without its fences."""
    from datasets import DatasetInfo, SplitDict, SplitInfo
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    languages = sorted({name.split("-")[0].lower() for name in counted.languages if name})
    documents = counted.documents
    data: Any = DatasetCardData(
        language=[name for name in languages if _LANGUAGE.match(name)] or None,
        license=manifest.license,
        pretty_name=f"{manifest.schema.name} {manifest.version}",
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        size_categories=[next((name for top, name in _SIZES if documents < top), "n>1M")],
        tags=["named-entity-recognition", "event-extraction", "curation"],
    )
    downloads = {file.path: file.size for file in manifest.files}
    infos: dict[str, Any] = {}
    # A part without a row is left out: `datasets` refuses to load it.
    views = {
        view: {split: part for split, part in splits.items() if part.rows}
        for view, splits in manifest.views.items()
    }
    for view, held in views.items():
        if not held:
            continue
        splits = {
            name: SplitInfo(name=name, num_bytes=part.size, num_examples=part.rows)
            for name, part in held.items()
        }
        infos[view] = DatasetInfo(
            features=features(view, manifest.labels),
            splits=SplitDict(splits),
            download_size=sum(downloads[path] for part in held.values() for path in part.files),
            dataset_size=sum(part.size for part in held.values()),
        )
    DatasetInfosDict(infos).to_dataset_card_data(data)
    # Each file by its name: `datasets` tells what it has cached apart by the paths in here, and a
    # pattern is the same in every dataset.
    data["configs"] = [
        {
            "config_name": view,
            "version": manifest.version,
            **({"default": True} if view == VIEWS[0] else {}),
            "data_files": [
                {"split": split, "path": list(part.files)} for split, part in held.items()
            ],
        }
        for view, held in views.items()
        if held
    ]
    return data.to_yaml(line_break="\n") + "\n"
