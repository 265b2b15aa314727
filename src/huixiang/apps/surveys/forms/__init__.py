"""What do the pages on surveys ask for?"""
