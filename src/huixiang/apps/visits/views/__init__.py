"""Which pages tell of the branch's queue?"""
