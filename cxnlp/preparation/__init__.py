"""Preparation: what lands is repaired, masked and identified; what has landed gets its language and its segments."""

from cxnlp.preparation.intake import Intake
from cxnlp.preparation.language import LanguageIdentifier
from cxnlp.preparation.personal_data import PersonalData, find_personal_data, mask
from cxnlp.preparation.preparation import Preparation
from cxnlp.preparation.pseudonyms import pseudonym, read_key
from cxnlp.preparation.repair import repair
from cxnlp.preparation.segments import split

__all__ = [
    "Intake",
    "LanguageIdentifier",
    "PersonalData",
    "Preparation",
    "find_personal_data",
    "mask",
    "pseudonym",
    "read_key",
    "repair",
    "split",
]
