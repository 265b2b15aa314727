"""What makes the simulated bank one to log in to: a cast of people, and mappings for the files its channels export.

The bank itself, its history and the truth about it come from `huixiang.simulation`.
"""

MAILBOX = "imaps://mail.haichuan.example"  # a name that nobody can own (RFC 2606): no demonstration reaches a real host
