"""Which models outside this process may take part? Off by default; only masked text ever leaves, see decision 0009."""
