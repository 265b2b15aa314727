"""What can be done with a survey?"""

from huixiang.apps.surveys.actions.answers import begin_answers, open_answers, receive_answers
from huixiang.apps.surveys.actions.drafting import Stale, edit_survey
from huixiang.apps.surveys.actions.publishing import close_survey, pause_survey, publish_survey, reopen_survey
from huixiang.apps.surveys.actions.settling import (
    Terms,
    change_survey,
    create_survey,
    delete_survey,
    duplicate_survey,
)

__all__ = [
    "Stale", "Terms", "begin_answers", "change_survey", "close_survey", "create_survey", "delete_survey",
    "duplicate_survey", "edit_survey", "open_answers", "pause_survey", "publish_survey", "receive_answers",
    "reopen_survey",
]  # fmt: skip
