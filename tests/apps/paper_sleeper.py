"""A reader that hangs."""

import time

time.sleep(30)
