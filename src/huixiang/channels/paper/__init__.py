"""Slips of paper: scans and photos become pages, pages become lines with a confidence each, lines become words."""
