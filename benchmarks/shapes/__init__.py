"""How alike are the made-up bank and real logs? What is read, what is measured, what is drawn."""
