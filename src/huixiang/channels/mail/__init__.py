"""How do mails become voices? Boxes are cut into mails, mails read into rows, quotes and machines' mails told apart."""
