"""What is said of what? Banks, products, aspects and opinion words in a text, and which opinion is of which aspect."""
