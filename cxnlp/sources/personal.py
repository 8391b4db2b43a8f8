"""Headers of columns that hold a person's data and are therefore never read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cxnlp.sources.words import fold, fold_words

if TYPE_CHECKING:
    from collections.abc import Collection

# Source: our own list, after the examples of article 4(1) and recital 30 of the EU regulation 2016/679.
_HEADERS: Final = (
    *("nimi", "etunimi", "sukunimi", "koko nimi", "kutsumanimi", "nimimerkki", "yhteystiedot", "yhteyshenkilö"),
    *("name", "first name", "last name", "full name", "given name", "family name", "surname", "middle name"),
    *("sähköposti", "sähköpostiosoite", "email", "e-mail", "mail", "e-mail address", "username", "contact details"),
    *("puhelin", "puhelinnumero", "puh", "puh.nro", "matkapuhelin", "matkapuhelinnumero", "gsm", "kännykkä"),
    *("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile phone", "mobile number"),
    *("osoite", "katuosoite", "lähiosoite", "kotiosoite", "postiosoite", "ip-osoite"),
    *("address", "street address", "home address", "postal address", "mailing address", "ip address", "ip"),
    *("hetu", "henkilötunnus", "sosiaaliturvatunnus", "sotu", "ssn", "social security number", "passport number"),
    *("syntymäaika", "syntymäpäivä", "date of birth", "birth date", "birthday", "dob", "tilinumero", "iban"),
)
_FOLDED: Final = frozenset(fold(header) for header in _HEADERS)

# Whose name, phone or address it is: "Asiakkaan nimi", "Contact e-mail".
_PERSONS: Final = frozenset(
    fold(word)
    for word in (
        *("asiakkaan", "vastaajan", "yhteyshenkilön", "henkilön", "tilaajan", "käyttäjän", "palautteen", "antajan"),
        *("lähettäjän", "työntekijän", "customer", "customers", "respondent", "respondents", "contact", "person"),
        *("user", "sender", "recipient", "your", "employee", "s"),
    )
)

# Unmistakable even inside a question: "Jätä sähköpostiosoitteesi, jos haluat vastauksen".
_PARTS: Final = (
    *("sahkopostios", "emailaddress", "puhelinnumero", "phonenumber", "henkilotunnu", "syntymaai", "dateofbirth"),
    "socialsecurity",
)


def is_personal(header: str, more: Collection[str] = frozenset()) -> bool:
    """Whether a header clearly names a person's data.

    Args:
        header: As the export writes it.
        more: Further headers that the settings call personal, folded.
    """
    folded = fold(header)
    if folded in _FOLDED or folded in more or any(part in folded for part in _PARTS):
        return True
    words = fold_words(header)
    while words and words[0] in _PERSONS:
        words = words[1:]
    return "".join(words) in _FOLDED
