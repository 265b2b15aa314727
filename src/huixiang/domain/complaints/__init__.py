"""What must be answered, by whom, by when? Rules as dated data, clocks as a pure function of a case's events."""
