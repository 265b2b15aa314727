"""A made-up bank that lives through months of service and writes the files its systems would export.

What is true of it is known, and written beside the files as `truth.json`: which is what makes a claim of the product
testable. It knows only `domain` words and writes to no database. Start reading at `run.py`.
"""
