"""Speed and quality, each with the command that reproduces it; no part of the tests."""
