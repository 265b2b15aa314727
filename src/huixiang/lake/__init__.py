"""The facts: large, append-mostly tables that DuckDB reads in place and Spark reads as they are."""
