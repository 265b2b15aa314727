"""What does the bank promise of its service, for whom, how is it measured, and is it kept? Standards as dated data."""
