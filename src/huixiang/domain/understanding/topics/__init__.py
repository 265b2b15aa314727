"""What do customers talk about that no list knows yet, and what sets some of them apart from the rest?"""

from huixiang.domain.understanding.topics.contrast import Telling, contrast
from huixiang.domain.understanding.topics.discovery import Topic, discover

__all__ = ["Telling", "Topic", "contrast", "discover"]
