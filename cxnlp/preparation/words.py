"""Frequent words of short answers, by language: what tells the language where letters alone do not.

Own closed lists: function words and words of feedback that are rare in the other languages listed here.
"""

from __future__ import annotations

from typing import Final

_FINNISH: Final = """
aika aikaa aina ainoa aivan ajoissa alle anna apua asia asiaa asiakaspalvelu asiakaspalvelua asiallinen asiat ehkä
ehkäpä ei eikä eivät en ennen eos epäselvä epäselvää erinomainen erinomaisesti erinomaista erittäin esimerkiksi ette
että firma hankala hankalaa harmi hei heikko helposti helppo helppoa heti hidas hidasta hieno hienoa hienosti hinnat
hinta hintaa hitaasti hoitui homma huomenna huono huonoa huonompi huonosti huonot hyvin hyviä hyvä hyvästi hyvät hyvää
häiriö hämmentävä ihan ihana ihanaa ihmeellistä ihmisiä iloinen itse ja jees jep joka jono jonot jonottaa joo jos
joskus jotain jotta juu juuri kaikesta kaikin kaikkea kaikki kallis kallista kanssa kauan kauhea kauheaa kelvoton
kertaa kesken keskiverto kielellä kiinni kiire kiitokset kiitoksia kiitos kiitti kiva kivaa kivasti kohtuullinen koska
koskaan kuin kun kunnon kunnossa kuten kyllä käyttäjä käyttää käytännössä laatu lasku laskutus liian liikaa lisää
loistava loistavaa loistavasti luotettava lähes mahtava mahtavaa maksu me meidän meille meiltä mielestäni mieluummin
miksi mikään minua minulla minulle minun minusta missä missään miten mitä mitään moi monta mukava mukavaa mukavasti
mulla mulle mun mutta muut muuta myöhässä myös ne niin niistä noin nopea nopeaa nopeasti nopeat nuo nyt näin ohi ok
olen oli olin olisi olivat olla olleet ollut oma omasta on onko onnistui osa osaava ovat paha paljon palvelu palvelua
palvelut parannettavaa paras parasta paremmin parempi parhaita paska paskaa perus pettynyt pidän pieni pitäisi plussaa
puhelimeen puhelin puuttuu päivä päivää rahat reilu riittävä ruoka ruokaa saa saada saatu sai sain saisi sama samaa se
sekava sekavaa sekä selkeä selkeästi selkeää selvä siellä siihen siis siisti siistiä silti simppeli sinne sitä sivut
sopiva sovellus sujui sujuva sujuvaa suosittelen surkea surkeaa suuri taas tai tarpeeksi tehdä teidän tekee testi
tietoa tilaus todella toimi toimii toimitus toimiva toimivaa toivottavasti toki tosi totta tule tulee tuli tuote tylsä
tympeä tyytyväinen tällä tämä tämän tänään tästä tätä täysin täällä vaan vaikea vaikeaa vaikka vain vaivaton valikoima
varaus varma vasta vastaus vastausta verran vielä viesti viime voi voin voisi vähän väärin väärä yhteys yhtään yksi
yleensä ystävällinen ystävällisesti ystävälliset ystävällistä älkää älä äärimmäisen
"""
_ENGLISH: Final = """
about absolutely after again all always amazing and annoying any anything app appointment asked average avoid awesome
awful bad be because been before being best better big billing boring brilliant broken but by call called can cannot
cant care caring cheap clean clear clunky cold comfortable confusing convenient could customer decent delay delivered
delivery did didnt difficult disappointed disappointing do doctor does dont dreadful dunno early easier easy efficient
enough every everything excellent expensive experience fair fantastic fast faster felt few fine first food for found
free friendly from get getting give given go going good got great had happy hard has hate have having he hello help
helped helpful her here his hopeless horrible hospital hour hours how idea if improve improvement information is it
its just keep kept kind know late less let like little long longer look lost lot love lovely made make many maybe me
meh menu mine minutes more most much my need needed needs never new nice no none nope not nothing now number nurse
nurses of ok okay old on once one only open opinion or order ordered other our out over parcel parking patient people
perfect phone pleasant please pleased polite poor price prices problem problems product professional prompt provide
quality queue quick quicker quickly quiet quite ready really received reception reply respect response right rubbish
rude sad said satisfactory satisfied see seen service shop should simple slow slower small smooth so solid some
someone soon speed staff still stuff super sure tasty team terrible than thank thanks that the their them then there
these they thing things this time times to told too treated treatment trust try unhelpful up us use used useful
useless very wait waited waiting want was waste way we website well went were what when where which while who why will
with without work worked working works worst would wrong years yes you your
"""
_SWEDISH: Final = """
alla allt alltid allting annat att bara behöver bemötande beställning betalning betjäning billigt blev blir bra bäst
bättre dessa det dig din dyrt där därför då dålig dåligt efter eller en enkel enkelt ett fick finns fint från
fungerade fungerar fungerat få för förstår gick god gott grym gång gånger gått gör göra ha hade har hej hellre helt
hjälp hjälpsam hur här ibland in ingen ingenting inget inte jag jobbigt jätte jättebra jättefint kan kanske kommer
krånglig krångligt kul kund kunde kundservice kunna kunnig kvalitet köpa leverans lätt långsam långsamt maten men mer
mera mig min mindre mitt mycket många måste nej när nöjd och också ofta okej om oss personal personalen priset på
rekommenderar rent roligt sen service ska skulle smidig smidigt snabb snabbt snäll som svar svårt sämst så tack
telefon tid till tjänst toppen trevlig trevligt tycker under underbar utan utmärkt vad var vara varför varit vi
viktigt vill väldigt vänlig vänliga vänligt vänta väntade är även åt öppet över
"""
_ESTONIAN: Final = """
aeg aga ainult aitab aitäh alati ega ei enam halb halvasti hea head hetkel hind hästi iga igal ilus inimesed ja jah
juba juures kahjuks kas kiire kiiresti kogu kui kõige kõik lihtne liiga meeldis meeldiv meie mida midagi minu mitte mu
mul nagu nüüd oleks olen oli olnud on palju parem parim pole puudub rahul raske seda see selle siin soovitan super
sõbralik teenindus tellimus toit toode tore täiesti tänan töötab vaid vastus veel väga väike üks ükski ülihea
"""
_GERMAN: Final = """
aber alles auch auf besser bestellung bitte danke das dass der die ein eine einfach er es essen freundlich für ganz
gerne gut gute guter gutes hat ich immer ist ja kein keine lecker leider lieferung mehr mit nicht nichts noch nur
personal preis schlecht schnell schön sehr sind super und unfreundlich von war waren wieder wir zu zufrieden zum
"""
_FRENCH: Final = """
accueil aimable avec beaucoup bien bon bonjour bonne c'est client commande dans de des du est et excellent excellente
facile il je la le lent les livraison magnifique mais mauvais merci mon ne nous nul parfait pas personnel plus pour
prix produit qualité que qui rapide rien sans satisfait service superbe sympa temps tout trop très un une vraiment
"""
_SPANISH: Final = """
amable bien buena bueno caro comida como con de del el ella en encanta es estoy está excelente fácil gracias hola la
las lento lo los mala malo me mucha mucho muy más nada no pedido perfecto pero por precio producto que recomiendo
rápido servicio siempre sin tiempo todo todos trato un una y
"""

WORDS: Final = {
    language: frozenset(words.split())
    for language, words in (
        ("fi", _FINNISH),
        ("en", _ENGLISH),
        ("sv", _SWEDISH),
        ("et", _ESTONIAN),
        ("de", _GERMAN),
        ("fr", _FRENCH),
        ("es", _SPANISH),
    )
}
