"""What is counted of a version: statistics, agreement, acceptance."""
