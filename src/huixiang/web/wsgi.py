"""The entry for gunicorn; `huixiang serve` starts it together with the worker."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
gc.disable()  # while all is made that stays: looking through it again and again takes a tenth of the start
application = get_wsgi_application()
assert get_resolver().url_patterns  # all views with their libraries, which the first visitor would wait for
if settings.MODE != "test":
    from huixiang.web.warming import warm  # asks the models, which are there only now

    warm()
# 200,000 objects that stay as long as the process: without this, every now and then a page looks through all of them.
gc.collect()
gc.freeze()
gc.enable()
