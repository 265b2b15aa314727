"""Which surveys are there, whom were they sent to, and who has answered?"""

from huixiang.apps.surveys.models.answers import AnswerFile
from huixiang.apps.surveys.models.responses import Draft, Response
from huixiang.apps.surveys.models.rounds import FormerLink, Framed, Invitation, OptOut, Round
from huixiang.apps.surveys.models.surveys import QuotaCount, Survey, SurveyQuerySet, Version

__all__ = [
    "AnswerFile", "Draft", "FormerLink", "Framed", "Invitation", "OptOut", "QuotaCount", "Response", "Round", "Survey",
    "SurveyQuerySet", "Version",
]  # fmt: skip
