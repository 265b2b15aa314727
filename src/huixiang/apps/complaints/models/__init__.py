"""What does the bank keep of a complaint? Its entries are the truth; everything else can be made from them anew."""

from huixiang.apps.complaints.models.cases import Accused, Case, CaseNumber, CaseQuerySet, CaseVoice
from huixiang.apps.complaints.models.events import Event
from huixiang.apps.complaints.models.letters import Letterhead, LetterTemplate, Notice
from huixiang.apps.complaints.models.packs import RulePack
from huixiang.apps.complaints.models.parties import Party
from huixiang.apps.complaints.models.ruling import HolidayYear, KeepingTerm, OpeningTerm, PackDraft, WarningTerm
from huixiang.apps.complaints.models.ties import CustomerTie, PartyMark

__all__ = ["Accused", "Case", "CaseNumber", "CaseQuerySet", "CaseVoice", "CustomerTie", "Event", "HolidayYear",
           "KeepingTerm", "LetterTemplate", "Letterhead", "Notice", "OpeningTerm", "PackDraft", "Party", "PartyMark",
           "RulePack", "WarningTerm"]  # fmt: skip
