"""Sources that are asked by themselves: mailboxes and feeds, what is new in them, and what to do when they fail."""
