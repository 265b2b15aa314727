"""How does the hotline come in? Transcripts, of which the customer's words are a voice; and the calls' records."""
