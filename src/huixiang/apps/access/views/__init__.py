"""The pages of access, one file per subject."""
