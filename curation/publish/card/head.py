"""The YAML head of a card, from which `datasets` takes views, files and features."""

from __future__ import annotations

from typing import Any

from curation.publish.card.hub_terms import license_fields, origins, size_category
from curation.publish.counts.languages import base_codes
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.publish.views.features import VIEWS, features


def card_head(manifest: Manifest, counted: Statistics) -> str:
    """The YAML: configs, features, splits and sizes, without its fences."""
    from datasets import DatasetInfo, SplitDict, SplitInfo
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    tagged = sorted(tag for tag in counted.languages if "-" in tag)
    tasks = {"task_ids": ["named-entity-recognition"]} if manifest.labels.entities else {}
    more: dict[str, Any] = {"language_details": tagged} if tagged else {}
    more |= license_fields(manifest.license) | origins(counted) | tasks
    data: Any = DatasetCardData(
        language=base_codes(counted.languages) or None,
        pretty_name=f"{manifest.schema.name} {manifest.version}",
        task_categories=["token-classification"],
        size_categories=[size_category(counted.documents)],
        tags=_tags(manifest),
        **more,
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


def _tags(manifest: Manifest) -> list[str]:
    labels = manifest.labels
    tags = {
        "named-entity-recognition": labels.entities,
        "relation-extraction": labels.relations,
        "event-extraction": labels.events,
    }
    return [*(tag for tag, names in tags.items() if names), "curation"]
