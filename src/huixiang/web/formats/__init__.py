"""How are numbers written? As the bank writes them, where Django thinks otherwise."""
