"""How does a message leave for one customer? By the bank's own mail server, or its own SMS platform; off by default."""
