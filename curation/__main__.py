"""`python -m curation` is the same as `curation`."""

from curation.cli import main

main()
