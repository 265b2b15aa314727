#!/usr/bin/env python
"""Django's own commands; the product's are `huixiang --help`."""

import sys

from huixiang.web.cli import main

if __name__ == "__main__":
    sys.exit(main(["manage", *sys.argv[1:]]))
