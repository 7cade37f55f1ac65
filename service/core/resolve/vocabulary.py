"""Words of outlets' names in the large languages: data, no logic. All are in normal form."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _parse_codes(text: str) -> dict[str, str]:
    entries = (entry.partition(" ") for line in text.splitlines() for entry in line.split("  ") if entry)
    return {word: code for code, _, words in entries for word in words.split("|")}


# Name of a country, or what stands for it in names of outlets → ISO 3166-1 code.
COUNTRIES = _parse_codes("""\
AD andorra  AE uae|united arab emirates  AF afghanistan  AL albania  AM armenia  AO angola  AR argentina
AT austria  AU australia|aus  AZ azerbaijan  BA bosnia  BB barbados  BD bangladesh  BE belgium
BF burkina faso  BG bulgaria  BH bahrain  BI burundi  BJ benin  BM bermuda  BN brunei  BO bolivia
BR brazil|brasil  BS bahamas  BT bhutan  BW botswana  BY belarus|беларусь  BZ belize  CA canada  CD drc
CH switzerland|schweiz  CI ivory coast|cote divoire  CL chile  CM cameroon  CN china|prc|中国|中國
CO colombia  CR costa rica  CU cuba  CV cape verde  CY cyprus  CZ czech republic|czechia
DE germany|deutschland  DJ djibouti  DK denmark  DM dominica  DO dominican republic  DZ algeria
EC ecuador  EE estonia  EG egypt|مصر  ER eritrea  ES spain|espana  ET ethiopia  FI finland  FJ fiji
FR france  GA gabon  GB uk|united kingdom|britain|great britain  GD grenada  GH ghana  GI gibraltar
GM gambia  GN guinea  GR greece  GT guatemala  GY guyana  HK hong kong|香港  HN honduras  HR croatia
HT haiti  HU hungary  ID indonesia  IE ireland  IL israel  IN india  IQ iraq|العراق  IR iran  IS iceland
IT italy|italia  JM jamaica  JO jordan  JP japan|日本  KE kenya  KG kyrgyzstan  KH cambodia  KM comoros
KP north korea  KR south korea|korea|한국  KW kuwait  KZ kazakhstan|казахстан  LA laos  LB lebanon|لبنان
LC saint lucia|st lucia  LI liechtenstein  LK sri lanka  LR liberia  LS lesotho  LT lithuania
LU luxembourg  LV latvia  LY libya  MA morocco  MC monaco  MD moldova  ME montenegro  MG madagascar
MK north macedonia  ML mali  MM myanmar|burma  MN mongolia  MO macau|macao  MR mauritania  MT malta
MU mauritius  MV maldives  MW malawi  MX mexico  MY malaysia  MZ mozambique  NA namibia  NE niger
NG nigeria  NI nicaragua  NL netherlands|holland  NO norway  NP nepal  NZ new zealand|nz  OM oman
PA panama  PE peru  PG papua new guinea|png  PH philippines  PK pakistan  PL poland  PR puerto rico
PS palestine  PT portugal  PW palau  PY paraguay  QA qatar  RO romania  RS serbia
RU russia|russian federation|россия  RW rwanda  SA saudi arabia|السعودية  SB solomon islands
SC seychelles  SD sudan  SE sweden  SG singapore  SI slovenia  SK slovakia  SL sierra leone
SM san marino  SN senegal  SO somalia  SR suriname  SS south sudan  SV el salvador  SY syria|سوريا
SZ eswatini  TG togo  TH thailand  TJ tajikistan  TM turkmenistan  TN tunisia  TO tonga
TR turkey|turkiye  TT trinidad and tobago  TW taiwan|台灣|台湾  TZ tanzania  UA ukraine|украина|украіна
UG uganda  US us|usa|united states|united states of america|america  UY uruguay  UZ uzbekistan
VA vatican  VE venezuela  VN vietnam  VU vanuatu  WS samoa  XK kosovo  YE yemen  ZA south africa|rsa
ZM zambia  ZW zimbabwe
""")
COUNTRY_CODES = frozenset(COUNTRIES.values())
COUNTRY_ENDINGS = frozenset(name.split()[-1] for name in COUNTRIES)
_COUNTRY_WORDS = frozenset(word for name in COUNTRIES for word in name.split()) - _words(
    "el and of cape coast islands ivory saint san sierra solomon st"
)

# Name of a state of the US → ISO 3166-2 code.
STATES = {
    name: f"US-{code}"
    for name, code in _parse_codes("""\
AL alabama  AK alaska  AZ arizona  AR arkansas  CA california  CO colorado  CT connecticut  DE delaware
DC district of columbia  FL florida  GA georgia  HI hawaii  ID idaho  IL illinois  IN indiana  IA iowa
KS kansas  KY kentucky  LA louisiana  ME maine  MD maryland  MA massachusetts  MI michigan  MN minnesota
MS mississippi  MO missouri  MT montana  NE nebraska  NV nevada  NH new hampshire  NJ new jersey
NM new mexico  NY new york  NC north carolina  ND north dakota  OH ohio  OK oklahoma  OR oregon
PA pennsylvania  RI rhode island  SC south carolina  SD south dakota  TN tennessee  TX texas  UT utah
VT vermont  VA virginia  WA washington  WV west virginia  WI wisconsin  WY wyoming
""").items()
}

# Language codes as they stand in brackets behind a name ("France 24 [ar]") → the language in English.
LANGUAGE_CODES = _parse_codes("""\
arabic ar  bengali bn  german de  english en  spanish es  persian fa  french fr  hebrew he  hindi hi
italian it  japanese ja  korean ko  polish pl  portuguese pt  russian ru  turkish tr  ukrainian uk  urdu ur
chinese zh
""")

# Words that name many outlets: alone, or cut from a longer name, they name none.
COMMON_WORDS = _words("""
advance advertiser advocate age american argus banner beacon bee blade breaking breeze bugle bulletin call
capital champion channel chronicle chronicles citizen city clarion college columbian commentator commerce
commercial community conservative constitution country county courant courier critic current daily day
democrat diary dispatch dispatches district eagle echo economist edition editor enterprise epoch era evening
examiner exchange express eye fact facts first focus forum free freedom friday future garden gazette general
global globe government guardian headline headlines herald hill home hour hub independent index indicator
industry inquirer insider insight intelligencer international item journal justice latest leader ledger
liberal liberty life line link live local mail mercury message messenger metro mirror monitor month monthly
morning nation national network new news newsroom now observer online open opinion outlook page paper
patriot people perspective pilot pioneer planet point political politics post power prairie press progress
public pulse queen quest radio reader real record recorder reference reflector register report reporter
republic republican review root science sentinel sky source spectator spectrum spirit spokesman sport sports
staff standard star state states statesman story street sun sunday sunrise talk telegram telegraph
television times today tribune truth union valley verdict view village voice watch wave weather week weekly
wire word world writer
""")

_REGIONS = _words("""
africa america americas latam asia pacific europe eu mideast mena gulf caribbean balkans world
international middle east west south north
""")
_REGION_ADJECTIVES = _words("""
african latin asian european arab central eastern western northern southern southeast subsaharan me apac emea
global mundo monde welt mondo mundial internacional internationale ausland esteri mir swiat dunya alam aalam
scandinavia oceania arctic nacional national buitenland binnenland inland utrikes utenriks inrikes ulkomaat
kotimaa svet domaci zahranici gundem yurttan mundiales algemeen actualidad
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
_LANGUAGES = _words("""
arabic bengali bangla chinese croatian czech danish dutch english espanol farsi finnish francais french
русском українською
german deutsch greek hausa hebrew hindi hungarian indonesian italian italiano japanese kannada korean
malay mandarin marathi norwegian pashto persian polish polski portugues portuguese punjabi romanian
russian serbian somali spanish swahili swedish tamil telugu thai turkish turkce ukrainian urdu uzbek
vietnamese русский українська العربية فارسی 中文 日本語 한국어
""")

# Words that stand with those of a section or an edition, and tell none alone: "Full print edition".
FILLERS = _words("""
a aktuell app channel current desk en front full general global hora in international issue just la light
lite main most new online popular primera print public published recent recently selected station
syndication titres une version vivo web site website
""")
EDITION_NOUNS = _words("edition edicion edicao edizione ausgabe version")

# With a topic or a place beside them, words for news make a section's heading.
NEWS_WORDS = _words("""
news newsroom headline headlines update updates noticias noticia nachrichten actualites actualite actu
actualidad notizie novosti vesti nyheter nyheder uudised wiadomosci haberler haber berita khabar ultimas
ultimos ultima ultimo lo todas todo лента новостей новости новини последние главные اخبار
أخبار عاجل الأخبار ताजा समाचार खबर ニュース 新闻 뉴스
""")
# Words that give no letter to an abbreviation, and change no heading.
SMALL_WORDS = _words("of the for and on in to a an from y de et und del")
# Words between a brand and its desk: "RFI en français", "RT in English".
CONNECTIVES = SMALL_WORDS | _words("by em auf pa na on на")

# Headings such as "Asia News", "Crypto News": a text of these words alone names no outlet.
HEADING_WORDS = (_REGIONS | _TOPICS | NEWS_WORDS | _COUNTRY_WORDS | SMALL_WORDS) - _words(
    "new arab republic united great dominican puerto costa"
)
# Words behind a brand that tell its edition or desk: "Guardian World", "CNBC Tech", "DW Turkish".
# No country is among them: editions abroad are other outlets.
EDITION_WORDS = _REGIONS | _REGION_ADJECTIVES | _TOPICS | _DESKS | _FEEDS | _LANGUAGES | NEWS_WORDS
# Behind a licensed brand they tell another outlet.
REGION_WORDS = _REGIONS | _REGION_ADJECTIVES | _LANGUAGES
# Words of a page title's part that names a section: "Top stories", "World", "Full print edition".
SECTION_WORDS = EDITION_WORDS | HEADING_WORDS | FILLERS
# Behind a name they say only what it is: "Clarín (diario)", "Wired: magazine".
TAGLINE_WORDS = SECTION_WORDS | _words("""
diario periodico jornal journal quotidien giornale quotidiano tageszeitung zeitung gazeta dziennik
noviny gazetesi dnevnik krant agencia agence agenzia diari agentur agency agentstvo portal revista revue
newspaper newspapers radio tv television website site online газета журнал агентство информационное
інформаційне روزنامه صحيفة جريدة وكالة خبرگزاری
el la los las le les il gli die der das het al
""")
# Words of the trade that tell no brand from another, beside the common words.
TRADE_WORDS = COMMON_WORDS | _words("financial business times star")
# Beside a call sign they say no more than its network, channel or kind.
STATION_WORDS = _words("""
tv dt ld cd am fm hd news newschannel channel local live now today first alert eyewitness action team your
the abc nbc cbs fox cw pbs npr mynetworktv my ion univision telemundo radio station television public on
side and
""")
# In brackets they do not tell one outlet from another.
NEUTRAL_NOTES = _words("online english en website web news newspaper magazine blog")
# Last words that do not keep a name apart from the same name without them: "NPR News".
NEUTRAL_SUFFIXES = _words("news newspaper magazine tv digital agency media")

# Brands under which publishers abroad print their own papers. What stands behind one tells another outlet.
LICENSED_BRANDS = _words("""
bazaar billboard businessinsider cnet cosmopolitan elle entrepreneur esquire forbes fortune gq
harpersbazaar huffpost huffingtonpost ign insider instyle marieclaire menshealth
nationalgeographic newsweek playboy rollingstone slate tatler timeout vanityfair
vice vogue
""")
