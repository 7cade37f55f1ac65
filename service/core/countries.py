"""What people write for a country behind an outlet's name → its ISO 3166-1 alpha-2 code."""

_WORDS = """
AE uae|united arab emirates  AF afghanistan  AL albania  AM armenia  AR argentina  AT austria
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


def country_tail(key: str) -> tuple[str, str] | None:
    """A normal form that ends in a country's name: what stands before it, and the country's code.

    >>> country_tail("guardian nigeria")
    ('guardian', 'NG')
    """
    rest, space, last = key.rpartition(" ")
    if space and (code := COUNTRIES.get(last)):
        return rest, code
    rest, space, first = rest.rpartition(" ")
    code = COUNTRIES.get(f"{first} {last}") if space else None
    return (rest, code) if code else None
