"""How feedback comes in: one contract (contract.py) and one file per format."""
