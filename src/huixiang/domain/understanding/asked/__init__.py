"""What may be asked of a model outside this process, and which answers count? No network here: plugins/ has it."""
