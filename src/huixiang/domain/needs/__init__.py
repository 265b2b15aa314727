"""How much does a need weigh, and what kind of satisfaction hangs on it? Importance, and Kano's table."""
