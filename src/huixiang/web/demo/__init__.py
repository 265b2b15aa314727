"""What makes the simulated bank one to log in to: a cast of people, and mappings for the files its channels export.

The bank itself, its history and the truth about it come from `huixiang.simulation`. What its people do is done by the
product's own verbs, with their rights and on record, each once: a run that was broken off goes on where it stopped.
"""

MAILBOX = "imaps://mail.haichuan.example"  # a name that nobody can own (RFC 2606): no demonstration reaches a real host
FORUM = "http://127.0.0.1:8099"  # answers while it is filled, and asks for nothing beyond this machine

# Who does what, by the numbers of staff.csv.
QUALITY_MANAGER, ADMINISTRATOR, AUDITOR, ANALYST, SECOND = "10001", "10002", "10003", "10004", "10005"
BRANCH_MANAGER, HANDLER, OTHER_HANDLER, DEPUTY = "20101", "30001", "30002", "30003"
BRANCH, SUB_BRANCH = "HC010101", "HC0101"  # the branch manager's, and what it belongs to
