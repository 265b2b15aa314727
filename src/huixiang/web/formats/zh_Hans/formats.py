"""Chinese banks group digits by three: 33,787."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
