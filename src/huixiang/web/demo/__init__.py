"""What makes the simulated bank one to log in to: a cast of people, and mappings for the files its channels export.

The bank itself, its history and the truth about it come from `huixiang.simulation`.
"""
