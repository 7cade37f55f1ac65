"""Words of outlets' names in the large languages: data, in normal form, and what is made of them alone.

Words of the trade ("Herald", "Times") are not here: the table and the lists of names tell them.
"""

from service.core.countries import COUNTRY_NAMES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Language codes as they stand in brackets behind a name ("France 24 [ar]") → the language in English.
_LANGUAGES = """
ar arabic bn bengali de german en english es spanish fa persian fr french he hebrew hi hindi it italian
ja japanese ko korean pl polish pt portuguese ru russian tr turkish uk ukrainian ur urdu zh chinese
"""
LANGUAGE_CODES = dict(zip(_LANGUAGES.split()[::2], _LANGUAGES.split()[1::2], strict=True))

_REGIONS = _words("""
africa america americas latam asia pacific europe eu mideast mena gulf caribbean balkans world international
middle east west south north
""")
# Behind a brand that is licensed abroad they tell another outlet.
REGION_WORDS = _REGIONS | _words("""
african latin asian european arab central eastern western northern southern southeast subsaharan me apac emea
global mundo monde welt mondo mundial internacional internationale ausland esteri mir swiat dunya alam aalam
scandinavia oceania arctic nacional national buitenland binnenland inland utrikes utenriks inrikes ulkomaat
kotimaa svet domaci zahranici gundem yurttan mundiales algemeen actualidad arabic bengali bangla chinese
croatian czech danish dutch english espanol farsi finnish francais french german deutsch greek hausa hebrew
hindi hungarian indonesian italian italiano japanese kannada korean malay mandarin marathi norwegian pashto
persian polish polski portugues portuguese punjabi romanian russian serbian somali spanish swahili swedish
tamil telugu thai turkish turkce ukrainian urdu uzbek vietnamese русскии русском украінська украінською
العربية فارسی 中文 日本語 한국어
""")
_TOPICS = _words("""
ai analysis breaking business climate crypto culture defence defense deportes economia economy education
elections energy entertainment environment finance food football health history home investigations latest
lifestyle local markets medicine military money movies music opinion page politics portada science security
society space sport sports startups stories tech technology top travel weather
""")
# With a topic or a place beside them, words for news make a section's heading.
NEWS_WORDS = _words("""
news newsroom headline headlines update updates noticias noticia nachrichten actualites actualite actu
actualidad notizie novosti vesti nyheter nyheder uudised wiadomosci haberler haber berita khabar ultimas
ultimos ultima ultimo lo todas todo лента новостеи новости новини последние главные اخبار الاخبار عاجل ताजा
समाचार खबर ニュース 新闻 뉴스
""")
# Behind a brand they tell its edition or desk: "Guardian World", "CNBC Tech", "DW Turkish".
# No country is among them: editions abroad are other outlets.
EDITION_WORDS = (
    REGION_WORDS
    | _TOPICS
    | NEWS_WORDS
    | _words("""
all animals apps article articles arts auto autos blog blogs books ciencia cinema commentary companies content
crime cultura cybersecurity daily data economic economics editorial esports factcheck faktencheck fashion
features feed feeds film finanzas gadgets gaming games heroes homepage house immigration innovation investing
justice kultur law layoffs live magazine media nation nature opinions people personal podcast podcasts policy
politica politicas politik politique property real estate reviews rss sociedad soccer style sustainability
technologie technologia tecnologia television trending tv venture video videos wirtschaft wissenschaft women
work edition edicion edicao edizione editions ausgabe epaper exclusives forside forsiden frontpage frontpagina
cooking dominical hirek inicio mobil mobile naujienos nieuws schlagzeilen section startseite startsida
startsidan semanal spravy stiri titulares topstories topthemen updated uutiset vijesti voorpagina weekly
monthly zinas zpravy version
""")
)
# They stand between a brand and its desk, and change no heading: "RFI en français", "RT in English".
CONNECTIVES = _words("""
of the for and on in to an a from y de et und del by em en auf pa na на
""")
# Words that stand with those of a section or an edition, and tell none alone: "Full print edition".
FILLERS = CONNECTIVES | _words("""
aktuell app channel current desk front full general hora issue just la light lite main most new online popular
primera print public published recent recently selected station syndication titres une vivo web site website
""")
# Behind a name they say only what it is: "Clarín (diario)", "Wired: magazine".
_TAGLINE_WORDS = (
    EDITION_WORDS
    | FILLERS
    | _words("""
diario periodico jornal journal quotidien giornale quotidiano tageszeitung zeitung gazeta dziennik noviny
gazetesi dnevnik krant agencia agence agenzia diari agentur agency agentstvo portal revista revue newspaper
newspapers radio газета журнал агентство информационное інформаціине روزنامه صحيفة جريدة وكالة خبرگزاری el los
las le les il gli die der das het al
""")
)
# Beside a call sign they say no more than its network, channel or kind.
STATION_WORDS = _words("""
tv dt ld cd am fm hd news newschannel channel local live now today first alert eyewitness action team your the
abc nbc cbs fox cw pbs npr mynetworktv my ion univision telemundo radio station television public on side and
""")
# Last words that do not keep a name apart from the same name without them: "NPR News".
LOOKALIKE_ENDINGS = _words("news newspaper magazine tv digital agency media")
# Brands under which publishers abroad print their own papers. What stands behind one tells another outlet.
LICENSED_BRANDS = _words("""
bazaar billboard businessinsider cnet cosmopolitan elle entrepreneur esquire forbes fortune gq harpersbazaar
huffpost huffingtonpost ign insider instyle marieclaire menshealth nationalgeographic newsweek playboy
rollingstone slate tatler timeout vanityfair vice vogue
""")


def is_heading(key: str) -> bool:
    """Return True if a normal form says no more than a section's heading does.

    >>> is_heading("asia news"), is_heading("ultimas noticias"), is_heading("asia times")
    (True, True, False)
    """
    words = key.split()
    if NEWS_WORDS.isdisjoint(words):
        return False
    rest = [word for word in words if word not in NEWS_WORDS and word not in CONNECTIVES]
    return (_REGIONS | _TOPICS).issuperset(rest) or " ".join(rest) in COUNTRY_NAMES


def is_section(key: str) -> bool:
    """Return True if a normal form names a section, or says only that a newspaper stands beside it."""
    return _TAGLINE_WORDS.issuperset(key.split()) or key in COUNTRY_NAMES or is_heading(key)
