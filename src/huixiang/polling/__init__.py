"""How is a mailbox or a feed asked whether something new has come? Only at hosts that the administrator has named."""
