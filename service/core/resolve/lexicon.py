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
AT austria  BB barbados  BF burkina faso  BI burundi  BJ benin  BM bermuda  BN brunei  BS bahamas
BT bhutan  BZ belize  CD drc  CI ivory coast|cote divoire  CV cape verde  DJ djibouti  DM dominica  ER eritrea
GA gabon  GD grenada  GI gibraltar  GM gambia  GN guinea  GY guyana  HT haiti  KM comoros  LA laos
LC saint lucia|st lucia  LI liechtenstein  LR liberia  LS lesotho  MC monaco  MG madagascar  ML mali
MO macau|macao  MR mauritania  MU mauritius  MV maldives  NE niger  PW palau  SB solomon islands  SC seychelles
SD sudan  SL sierra leone  SM san marino  SR suriname  SS south sudan  SZ eswatini  TG togo  TO tonga
VU vanuatu  WS samoa  XK kosovo
AU australia|aus  AZ azerbaijan  BA bosnia  BD bangladesh  BE belgium  BG bulgaria  BH bahrain  BO bolivia
BR brazil|brasil  BW botswana  BY belarus  CA canada  CH switzerland|schweiz  CL chile  CM cameroon
CN china|prc  CO colombia  CR costa rica  CU cuba  CY cyprus  CZ czech republic|czechia
DE germany|deutschland  DK denmark  DO dominican republic  DZ algeria  EC ecuador  EE estonia  EG egypt
ES spain|espana  ET ethiopia  FI finland  FJ fiji  FR france
GB uk|united kingdom|britain|great britain  GH ghana
GR greece  GT guatemala  HK hong kong  HN honduras  HR croatia  HU hungary  ID indonesia  IE ireland
IL israel  IN india  IQ iraq  IR iran  IS iceland  IT italy|italia  JM jamaica  JO jordan  JP japan
KE kenya  KG kyrgyzstan  KH cambodia  KP north korea  KR south korea|korea  KW kuwait  KZ kazakhstan
LB lebanon  LK sri lanka  LT lithuania  LU luxembourg  LV latvia  LY libya  MA morocco  MD moldova
ME montenegro  MK north macedonia  MM myanmar|burma  MN mongolia  MT malta  MW malawi  MX mexico
MY malaysia  MZ mozambique  NA namibia  NG nigeria  NI nicaragua  NL netherlands|holland  NO norway
NP nepal  NZ new zealand|nz  OM oman  PA panama  PE peru  PG papua new guinea|png  PH philippines
PK pakistan  PL poland  PR puerto rico  PS palestine  PT portugal  PY paraguay  QA qatar  RO romania
RS serbia  RU russia|russian federation  RW rwanda  SA saudi arabia  SE sweden  SG singapore
SI slovenia  SK slovakia  SN senegal  SO somalia  SV el salvador  SY syria  TH thailand  TJ tajikistan
TM turkmenistan  TN tunisia  TR turkey|turkiye  TT trinidad and tobago  TW taiwan  TZ tanzania  UA ukraine
UG uganda  US us|usa|united states|united states of america|america  UY uruguay  UZ uzbekistan  VA vatican
VE venezuela  VN vietnam  YE yemen  ZA south africa|rsa  ZM zambia  ZW zimbabwe
"""


def _table() -> dict[str, str]:
    entries = (
        entry.partition(" ") for line in _WORDS.splitlines() for entry in line.strip().split("  ") if entry
    )
    return {word: code for code, _, words in entries for word in words.split("|")}


COUNTRIES = _table()
"""Normal form of a country's name, or of what stands for it in names of outlets → ISO code."""

COUNTRY_CODES = frozenset(COUNTRIES.values())
