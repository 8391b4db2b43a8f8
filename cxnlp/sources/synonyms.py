"""The words by which exports call our fields, in Finnish and English.

Source: our own collection from the column titles that survey and contact-centre exports commonly carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxnlp.sources.fields import Field

# In order of priority: where two headers of a file name one field, the word that stands first here wins.
SYNONYMS: Final[Mapping[Field, tuple[str, ...]]] = {
    "text": (
        *("text", "palaute", "avoin palaute", "vapaa palaute", "palauteteksti", "kommentti", "kommentit"),
        *("vapaa sana", "viesti", "arvostelu", "feedback", "comment", "comments", "review", "message", "verbatim"),
        *("answer", "avoin vastaus", "vastaus", "avoin kommentti", "vapaa kommentti", "sanallinen palaute", "teksti"),
        *("open feedback", "open comment", "open answer", "free text", "feedback text", "comment text", "review text"),
        *("asiakaspalaute", "customer feedback", "customer comment"),
    ),
    "own_id": (
        *("own id", "id", "tunniste", "palaute id", "palautteen id", "palautetunniste", "palautteen tunniste"),
        *("feedback id", "response id", "vastaus id", "vastauksen id", "vastaustunniste", "record id", "review id"),
    ),
    "created_at": (
        *("created at", "pvm", "päivämäärä", "päiväys", "aika", "aikaleima", "luotu", "date", "submitted at"),
        *("timestamp", "vastausaika", "vastauspäivä", "palautepäivä", "created", "submitted", "date created"),
        *("response date", "feedback date"),
    ),
    "customer_ref": (
        *("customer ref", "asiakas", "asiakasnumero", "asiakas id", "asiakastunnus", "asiakastunniste", "customer"),
        *("customer id", "customer number", "customer reference"),
    ),
    "voice": ("voice", "ääni"),
    "journey": ("journey", "polku", "asiakaspolku", "palvelupolku", "customer journey"),
    "touchpoint": ("touchpoint", "kosketuspiste", "kohtaamispiste"),
    "channel": ("channel", "kanava", "palautekanava", "palvelukanava", "asiointikanava"),
    "owner": ("owner", "tiimi", "vastuutaho", "omistaja", "team", "vastuutiimi", "owner team"),
    "question": ("question", "kysymys", "kysymysteksti", "question text"),
    "nps": (
        *("nps", "suositteluhalukkuus", "suositteluindeksi", "suosittelu", "suositteluarvosana", "recommend"),
        *("likelihood to recommend", "nps score", "nps arvosana", "nps pisteet", "nps arvo", "net promoter score"),
    ),
    "ces": ("ces", "vaivattomuus", "helppous", "customer effort score", "ces score", "ces arvosana", "effort score"),
    "csat": (
        *("csat", "tyytyväisyys", "satisfaction", "asiakastyytyväisyys", "customer satisfaction"),
        *("csat score", "csat arvosana", "stars", "star rating", "tähdet"),
    ),
    "resolved_first_contact": (
        *("resolved first contact", "ratkesi", "ratkaistu", "resolved", "first contact resolution", "fcr"),
        *("first contact resolved", "ratkesi kerralla", "hoitui kerralla"),
    ),
    "language_hint": ("language hint", "kieli", "language", "lang", "locale", "vastauskieli", "palautteen kieli"),
}

# A long question such as "Kuinka todennäköisesti suosittelisit meitä?" is known by these parts alone, unless one of
# its words starts as those of the open question that follows the score ("Miksi suosittelisit?", "Recommendations?").
NPS_PARTS: Final = ("suosittel", "recommend")
NO_NPS_STARTS: Final = ("miksi", "mita", "why", "perust", "kommen", "comment", "reason", "syy", "recommendations")
