"""From a file of records to a new version that appears at once or not at all."""
