"""How do saved views leave the pages: by mail (mails.py), inside other pages (frames.py)?"""
