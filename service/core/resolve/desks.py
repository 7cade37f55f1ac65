"""Words that stand beside an outlet's name without belonging to it, in the large languages: data, no logic.

All words are in normal form: lower case, without accents.
"""

from service.core.resolve.vocabulary import COUNTRIES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COUNTRY = frozenset(word for name in COUNTRIES for word in name.split()) - _words(
    "el and of cape coast islands ivory saint san sierra solomon st"
)

_REGIONS = _words("""
africa america americas latam asia pacific europe eu mideast mena gulf caribbean balkans world
international middle east west south north
""")
_ADJECTIVES = _words("""
african american latin asian european arab central eastern western northern southern southeast
subsaharan me apac emea global mundo monde welt mondo mundial internacional internationale ausland
esteri mir swiat dunya alam aalam scandinavia oceania arctic nacional national buitenland binnenland
inland utrikes utenriks inrikes ulkomaat kotimaa svet domaci zahranici gundem yurttan mundiales
australian british canadian egyptian emirati filipino indian iranian iraqi irish israeli kenyan lebanese
malaysian mexican nigerian pakistani palestinian scottish syrian welsh algemeen actualidad espana brasil
""")
_TOPICS = _words("""
ai analysis breaking business climate crypto culture defence defense deportes economia economy education
elections energy entertainment environment finance food football health history home investigations
latest lifestyle local markets medicine military money movies music opinion page politics portada
science security society space sport sports startups stories tech technology top travel weather
""")
_DESKS = _words("""
all animals apps article articles arts auto autos blog blogs books ciencia cinema commentary companies
content crime cultura cybersecurity daily data economic economics editorial esports factcheck
faktencheck fashion features feed feeds film finanzas gadgets gaming games heroes homepage house
immigration innovation investing justice kultur law layoffs live magazine media nation nature opinions
people personal podcast podcasts policy politica politicas politik politique property real estate
reviews rss sociedad soccer style sustainability technologie technologia tecnologia television trending
tv venture video videos wirtschaft wissenschaft women work
""")
_FEEDS = _words("""
edition edicion edicao edizione editions ausgabe epaper exclusives forside forsiden frontpage frontpagina
cooking dominical hirek inicio mobil mobile naujienos nieuws portada schlagzeilen section startseite startsida
startsidan semanal spravy stiri titulares topstories topthemen updated uutiset vijesti voorpagina weekly
monthly zinas zpravy
""")
FILLERS = _words("""
a aktuell app channel current desk en front full general global hora in international issue just la light
lite main most new online popular primera print public published recent recently selected station
syndication titres une version vivo web site website
""")
"""Words that stand with those of a section or an edition, and tell none alone: "Full print edition"."""

EDITION_NOUNS = _words("edition edicion edicao edizione ausgabe version")
_LANGUAGES = _words("""
arabic bengali bangla chinese croatian czech danish dutch english espanol farsi finnish francais french
русском українською
german deutsch greek hausa hebrew hindi hungarian indonesian italian italiano japanese kannada korean
malay mandarin marathi norwegian pashto persian polish polski portugues portuguese punjabi romanian
russian serbian somali spanish swahili swedish tamil telugu thai turkish turkce ukrainian urdu uzbek
vietnamese русский українська العربية فارسی 中文 日本語 한국어
""")

NEWS_WORDS = _words("""
news newsroom headline headlines update updates noticias noticia nachrichten actualites actualite actu
actualidad notizie novosti vesti nyheter nyheder uudised wiadomosci haberler haber berita khabar ultimas
ultimos ultima ultimo lo todas todo лента новостей новости новини последние главные اخبار
أخبار عاجل الأخبار ताजा समाचार खबर ニュース 新闻 뉴스
""")
"""Words for news: with a topic or a place beside them they make a section's heading."""

SMALL_WORDS = _words("of the for and on in to a an from y de et und del")
"""Words that give no letter to an abbreviation, and change no heading."""

HEADING_WORDS = (_REGIONS | _TOPICS | NEWS_WORDS | _COUNTRY | SMALL_WORDS) - _words(
    "new arab republic united great dominican puerto costa"
)
"""Words of headings such as "Asia News", "Crypto News": a text of these alone names no outlet."""

EDITION_WORDS = _REGIONS | _ADJECTIVES | _TOPICS | _DESKS | _FEEDS | _LANGUAGES | NEWS_WORDS | _COUNTRY
"""Words behind a brand that tell its edition or desk: "Guardian World", "CNBC Tech", "DW Turkish"."""

CONNECTIVES = SMALL_WORDS | _words("by em auf pa na on на")
"""Words between a brand and its desk: "RFI en français", "RT in English"."""

SECTION_WORDS = EDITION_WORDS | HEADING_WORDS | FILLERS
"""Words of a page title's part that names a section: "Top stories", "World", "Full print edition"."""

LANGUAGE_CODES = {
    "ar": "arabic",
    "bn": "bengali",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "he": "hebrew",
    "hi": "hindi",
    "it": "italian",
    "ja": "japanese",
    "ko": "korean",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "tr": "turkish",
    "uk": "ukrainian",
    "ur": "urdu",
    "zh": "chinese",
}
"""Language codes as they stand in brackets behind a name ("France 24 [ar]") → the language in English."""

ARTICLES = _words("el la los las le les il gli die der das het al")
"""Articles of other languages, said or left out: "Le Monde", "Il Mattino"."""

PAPER_WORDS = _words("""
diario periodico jornal journal quotidien giornale quotidiano tageszeitung zeitung gazeta dziennik
noviny gazetesi dnevnik krant agencia agence agenzia diari agentur agency agentstvo portal revista revue
newspaper newspapers radio tv television website site online газета журнал агентство информационное
інформаційне روزنامه صحيفة جريدة وكالة خبرگزاری
""")
"""Words for newspaper, agency and the like in front of a name: "Diario El Mundo", "News Agency UNIAN"."""

NAME_PREFIXES = (
    ARTICLES | PAPER_WORDS | NEWS_WORDS | _words("and breaking de en from latest on portada rss top на")
)
"""First words that a name can lose."""

ORGANISATION_WORDS = _words("""
foundation institute institution center centre network group project initiative society association
magazine newspaper newspapers online website media tv news agency digital com org net homepage web sa gazetesi
""")
"""Last words that a name has and speakers leave out ("The Jamestown Foundation"), or add ("Zeit Online")."""

NAME_SUFFIXES = EDITION_WORDS | HEADING_WORDS | ORGANISATION_WORDS
"""Last words that a name can lose."""

GENERIC_WORDS = _words("financial business times star")
"""Words of the trade that tell no brand from another, beside the common words."""

GLUED_COUNTRIES = {"uk": "GB", "usa": "US", "us": "US", "india": "IN", "au": "AU", "canada": "CA"}
"""A country as it is glued to a brand in ids of archives and news APIs: "theguardianuk"."""
