"""What does the bank keep of a complaint? Its entries are the truth; everything else can be made from them anew."""

from huixiang.apps.complaints.models.cases import Accused, Case, CaseNumber, CaseQuerySet, CaseVoice
from huixiang.apps.complaints.models.catching_up import CatchUp
from huixiang.apps.complaints.models.digests import DigestMail, DigestStop
from huixiang.apps.complaints.models.events import Event
from huixiang.apps.complaints.models.leaving import PeopleExport
from huixiang.apps.complaints.models.letters import Letterhead, LetterTemplate, Notice
from huixiang.apps.complaints.models.old_numbers import OldNumber
from huixiang.apps.complaints.models.packs import RulePack
from huixiang.apps.complaints.models.parties import Party
from huixiang.apps.complaints.models.returns import Denominator, ReturnVersion
from huixiang.apps.complaints.models.risks import RiskMail, RiskMark
from huixiang.apps.complaints.models.ruling import HolidayYear, KeepingTerm, OpeningTerm, PackDraft, WarningTerm
from huixiang.apps.complaints.models.signals import CaseReading, Signal, SignalLook, SignalWatch
from huixiang.apps.complaints.models.ties import CustomerTie, PartyMark
from huixiang.apps.complaints.models.voice_rules import VoiceRuleBook, VoiceTaking
from huixiang.apps.complaints.models.webhooks import Delivery, Webhook
from huixiang.apps.complaints.models.working import Absence, CaseFile, Mention

__all__ = ["Absence", "Accused", "Case", "CaseFile", "CaseNumber", "CaseQuerySet", "CaseReading", "CaseVoice",
           "CatchUp", "CustomerTie", "Delivery", "Denominator", "DigestMail",
           "DigestStop", "Event", "HolidayYear", "KeepingTerm",
           "LetterTemplate", "Letterhead", "Mention", "Notice", "OldNumber", "OpeningTerm", "PackDraft",
           "Party", "PartyMark", "PeopleExport", "ReturnVersion", "RiskMail", "RiskMark", "RulePack", "Signal",
           "SignalLook", "SignalWatch", "VoiceRuleBook", "VoiceTaking", "WarningTerm", "Webhook"]  # fmt: skip
