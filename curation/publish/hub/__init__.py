"""Versions on the Hugging Face Hub: pushed, pulled, loaded."""
