"""How the world reaches the product: settings, addresses, commands, the API and what all pages share."""
