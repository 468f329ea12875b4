"""What differs between two versions, counted, listed and shown."""
