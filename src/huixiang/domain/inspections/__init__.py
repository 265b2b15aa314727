"""How good is service to somebody sent to look? Scores, samples, agreement, severity, findings, words on the line."""
