"""What do a bank's own labels teach? Linear models over characters and words, trained in a minute on two cores."""
