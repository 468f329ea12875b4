"""A published reading as rows and columns of the views, and back."""
