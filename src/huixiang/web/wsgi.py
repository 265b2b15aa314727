"""The entry for gunicorn; `huixiang serve` starts it together with the worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
application = get_wsgi_application()
