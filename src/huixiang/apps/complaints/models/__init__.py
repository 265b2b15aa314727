"""What does the bank keep of a complaint? Its entries are the truth; everything else can be made from them anew."""

from huixiang.apps.complaints.models.cases import Accused, Case, CaseNumber, CaseQuerySet, CaseVoice
from huixiang.apps.complaints.models.events import Event
from huixiang.apps.complaints.models.letters import Letterhead, LetterTemplate, Notice
from huixiang.apps.complaints.models.packs import RulePack
from huixiang.apps.complaints.models.parties import Party
from huixiang.apps.complaints.models.risks import RiskMail, RiskMark
from huixiang.apps.complaints.models.signals import CaseReading, Signal, SignalLook, SignalWatch
from huixiang.apps.complaints.models.voice_rules import VoiceRuleBook, VoiceTaking

__all__ = ["Accused", "Case", "CaseNumber", "CaseQuerySet", "CaseReading", "CaseVoice", "Event", "LetterTemplate",
           "Letterhead", "Notice", "Party", "RiskMail", "RiskMark", "RulePack", "Signal", "SignalLook", "SignalWatch",
           "VoiceRuleBook", "VoiceTaking"]  # fmt: skip
