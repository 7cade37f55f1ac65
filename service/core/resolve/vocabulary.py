"""The words by which names of outlets are read: words of the trade, languages, countries."""

WEB_WORDS = frozenset({"com", "org", "net", "online", "website", "homepage"})
"""Last words that say only that a name belongs to a site."""

PRESS_WORDS = WEB_WORDS | {"news", "newspaper", "magazine", "tv", "digital", "english", "agency", "media"}
"""Last words that many outlets add to, or leave out of, a name that is distinctive without them."""

LANGUAGES = frozenset(
    {
        "arabic",
        "chinese",
        "english",
        "french",
        "german",
        "hebrew",
        "hindi",
        "persian",
        "russian",
        "spanish",
        "urdu",
    }
)
"""Notes of a listed name that tell an outlet's editions apart, not outlets."""

_COMMON = """
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
"""

COMMON_WORDS = frozenset(_COMMON.split())
"""Words that name many outlets: alone, or cut from a longer name, they name none."""

NEUTRAL_NOTES = frozenset(
    {"online", "english", "en", "website", "web", "news", "newspaper", "magazine", "blog"}
)
"""Words in brackets that do not tell one outlet from another."""

_WORDS = """
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
"""


def _parse_countries() -> dict[str, str]:
    entries = (
        entry.partition(" ") for line in _WORDS.splitlines() for entry in line.strip().split("  ") if entry
    )
    return {word: code for code, _, words in entries for word in words.split("|")}


COUNTRIES = _parse_countries()
"""Normal form of a country's name, or of what stands for it in names of outlets → ISO code."""

COUNTRY_CODES = frozenset(COUNTRIES.values())
