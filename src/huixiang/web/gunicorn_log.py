"""What does the web server itself log? As discreet as ours, and addresses without what was searched for."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger as Gunicorns

from huixiang.web.logs import Discreet


class Logger(Gunicorns):  # type: ignore[misc]  # gunicorn has no types
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Discreet(self.error_fmt, self.datefmt))

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """An export that breaks off half-way is told here, with its address, or with the error as the message."""
        if isinstance(msg, BaseException):
            msg = type(msg).__name__
        super().exception(msg, *(str(each).partition("?")[0] for each in args), **kwargs)
