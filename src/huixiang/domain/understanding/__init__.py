"""What do customers say? Batches of texts in, batches of understandings out; nothing is kept between calls."""
