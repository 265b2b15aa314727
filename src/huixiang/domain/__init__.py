"""The rules of service quality: pure functions and values, without framework, database, clock or files."""
