"""What the bank's people see and change."""
