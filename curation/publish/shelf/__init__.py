"""Where versions lie: manifests, files by content, shards and their index, object stores."""
