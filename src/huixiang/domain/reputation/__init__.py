"""What is said of the bank in public? Who is spoken of, what is only passed on, and when reviews come in bursts."""
