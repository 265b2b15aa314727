"""Where does a large upload lie while it arrives? In a nameless file of the data folder: however we end, it is gone."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from huixiang.apps.feedback import uploads


class Nameless(TemporaryFileUploadHandler):
    """As Django's, but for the file: its own has a name in /tmp, and a killed process leaves it there unmasked."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        content = tempfile.TemporaryFile(dir=uploads.folder())  # noqa: SIM115  # closed with the request
        about = (self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file = UploadedFile(content, *about)  # type: ignore[assignment]  # nobody asks for its path

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
