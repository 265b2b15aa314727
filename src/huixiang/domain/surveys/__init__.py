"""What is asked of customers, whom, and what do their answers prove?"""
