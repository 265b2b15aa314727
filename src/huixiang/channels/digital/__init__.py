"""What the app, the web bank and the machines of a branch log, from whatever system keeps it."""
