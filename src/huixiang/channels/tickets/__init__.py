"""The branch queue's tickets, from whatever system prints the numbers."""
