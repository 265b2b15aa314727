"""What does the bank keep of a complaint? Its entries are the truth; everything else can be made from them anew."""

from huixiang.apps.complaints.models.cases import Accused, Case, CaseNumber, CaseQuerySet, CaseVoice
from huixiang.apps.complaints.models.events import Event
from huixiang.apps.complaints.models.letters import Letterhead, LetterTemplate, Notice
from huixiang.apps.complaints.models.packs import RulePack
from huixiang.apps.complaints.models.parties import Party
from huixiang.apps.complaints.models.returns import Denominator, ReturnVersion

__all__ = ["Accused", "Case", "CaseNumber", "CaseQuerySet", "CaseVoice", "Denominator", "Event", "LetterTemplate",
           "Letterhead", "Notice", "Party", "ReturnVersion", "RulePack"]  # fmt: skip
