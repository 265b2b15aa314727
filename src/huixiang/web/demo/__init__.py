"""A small made-up bank (海川银行) to look at: its units and staff, and the files its channels would export.

It shows the product; it proves nothing. The simulated bank with known truth is `huixiang.simulation`, when it comes.
"""
