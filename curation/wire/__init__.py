"""Label Studio's JSON: documents as tasks, readings as results, and back. Pure: no server here."""
