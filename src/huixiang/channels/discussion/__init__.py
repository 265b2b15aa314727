"""How is the record of a focus group read? As its clerk typed it (txt), as Word keeps it (docx), as subtitles (VTT)."""

from __future__ import annotations

from huixiang.channels.discussion.reading import LARGEST, LONGEST_TURN, Said, Transcript, read

__all__ = ["LARGEST", "LONGEST_TURN", "Said", "Transcript", "read"]
