"""The countries of ISO 3166-1 as feeds write them: two letters, three letters, or the English name."""

import re
import unicodedata

# Code, three letters, names. From pycountry, with the short names that GDELT, NewsData and Diffbot use.
_ROWS = """
AD and andorra; AE are uae, united arab emirates; AF afg afghanistan; AG atg antigua and barbuda; AI
aia anguilla; AL alb albania; AM arm armenia; AO ago angola; AQ ata antarctica; AR arg argentina; AS
asm american samoa; AT aut austria; AU aus australia; AW abw aruba; AX ala aland islands; AZ aze
azerbaijan; BA bih bosnia and herzegovina; BB brb barbados; BD bgd bangladesh; BE bel belgium; BF
bfa burkina faso; BG bgr bulgaria; BH bhr bahrain; BI bdi burundi; BJ ben benin; BL blm saint
barthelemy; BM bmu bermuda; BN brn brunei, brunei darussalam; BO bol bolivia; BQ bes bonaire; BR bra
brazil; BS bhs bahamas; BT btn bhutan; BV bvt bouvet island; BW bwa botswana; BY blr belarus; BZ blz
belize; CA can canada; CC cck cocos keeling islands; CD cod dr congo, democratic republic of the
congo; CF caf central african republic; CG cog congo; CH che switzerland; CI civ cote d ivoire,
ivory coast; CK cok cook islands; CL chl chile; CM cmr cameroon; CN chn china; CO col colombia; CR
cri costa rica; CU cub cuba; CV cpv cabo verde, cape verde; CW cuw curacao; CX cxr christmas island;
CY cyp cyprus; CZ cze czech republic, czechia; DE deu germany; DJ dji djibouti; DK dnk denmark; DM
dma dominica; DO dom dominican republic; DZ dza algeria; EC ecu ecuador; EE est estonia; EG egy
egypt; EH esh western sahara; ER eri eritrea; ES esp spain; ET eth ethiopia; FI fin finland; FJ fji
fiji; FK flk falkland islands malvinas; FM fsm micronesia; FO fro faroe islands; FR fra france; GA
gab gabon; GB gbr britain, england, great britain, northern ireland, scotland, uk, united kingdom,
wales; GD grd grenada; GE geo georgia; GF guf french guiana; GG ggy guernsey; GH gha ghana; GI gib
gibraltar; GL grl greenland; GM gmb gambia; GN gin guinea; GP glp guadeloupe; GQ gnq equatorial
guinea; GR grc el, greece; GS sgs south georgia and the south sandwich islands; GT gtm guatemala; GU
gum guam; GW gnb guinea bissau; GY guy guyana; HK hkg hong kong; HM hmd heard island and mcdonald
islands; HN hnd honduras; HR hrv croatia; HT hti haiti; HU hun hungary; ID idn indonesia; IE irl
ireland; IL isr israel; IM imn isle of man; IN ind india; IO iot british indian ocean territory; IQ
irq iraq; IR irn iran; IS isl iceland; IT ita italy; JE jey jersey; JM jam jamaica; JO jor jordan;
JP jpn japan; KE ken kenya; KG kgz kyrgyzstan; KH khm cambodia; KI kir kiribati; KM com comoros; KN
kna saint kitts and nevis; KP prk north korea; KR kor south korea; KW kwt kuwait; KY cym cayman
islands; KZ kaz kazakhstan; LA lao laos; LB lbn lebanon; LC lca saint lucia; LI lie liechtenstein;
LK lka sri lanka; LR lbr liberia; LS lso lesotho; LT ltu lithuania; LU lux luxembourg; LV lva
latvia; LY lby libya; MA mar morocco; MC mco monaco; MD mda moldova; ME mne montenegro; MF maf saint
martin french part; MG mdg madagascar; MH mhl marshall islands; MK mkd macedonia, north macedonia;
ML mli mali; MM mmr burma, myanmar; MN mng mongolia; MO mac macao, macau; MP mnp northern mariana
islands; MQ mtq martinique; MR mrt mauritania; MS msr montserrat; MT mlt malta; MU mus mauritius; MV
mdv maldives; MW mwi malawi; MX mex mexico; MY mys malaysia; MZ moz mozambique; NA nam namibia; NC
ncl new caledonia; NE ner niger; NF nfk norfolk island; NG nga nigeria; NI nic nicaragua; NL nld
holland, netherlands; NO nor norway; NP npl nepal; NR nru nauru; NU niu niue; NZ nzl new zealand; OM
omn oman; PA pan panama; PE per peru; PF pyf french polynesia; PG png papua new guinea; PH phl
philippines; PK pak pakistan; PL pol poland; PM spm saint pierre and miquelon; PN pcn pitcairn; PR
pri puerto rico; PS pse palestine; PT prt portugal; PW plw palau; PY pry paraguay; QA qat qatar; RE
reu reunion; RO rou romania; RS srb serbia; RU rus russia, russian federation; RW rwa rwanda; SA sau
saudi arabia; SB slb solomon islands; SC syc seychelles; SD sdn sudan; SE swe sweden; SG sgp
singapore; SH shn saint helena; SI svn slovenia; SJ sjm svalbard and jan mayen; SK svk slovakia; SL
sle sierra leone; SM smr san marino; SN sen senegal; SO som somalia; SR sur suriname; SS ssd south
sudan; ST stp sao tome and principe; SV slv el salvador; SX sxm sint maarten dutch part; SY syr
syria; SZ swz eswatini, swaziland; TC tca turks and caicos islands; TD tcd chad; TF atf french
southern territories; TG tgo togo; TH tha thailand; TJ tjk tajikistan; TK tkl tokelau; TL tls timor
leste; TM tkm turkmenistan; TN tun tunisia; TO ton tonga; TR tur turkey, turkiye; TT tto trinidad
and tobago; TV tuv tuvalu; TW twn taiwan; TZ tza tanzania; UA ukr ukraine; UG uga uganda; UM umi
united states minor outlying islands; US usa u s, united states, united states of america, usa; UY
ury uruguay; UZ uzb uzbekistan; VA vat holy see vatican city state, vatican; VC vct saint vincent
and the grenadines; VE ven venezuela; VG vgb british virgin islands; VI vir us virgin islands; VN
vnm vietnam; VU vut vanuatu; WF wlf wallis and futuna; WS wsm samoa; YE yem yemen; YT myt mayotte;
ZA zaf south africa; ZM zmb zambia; ZW zwe zimbabwe; XK xkx kosovo
"""
# The names under which outlets know them besides, in their own languages too.
_OTHER_NAMES = """
AU aus; BA bosnia; BR brasil; BY беларусь; CD drc; CH schweiz; CN prc, 中国, 中國; CI cote divoire;
DE deutschland; EG مصر; ES espana; FR francia; GB u k; HK 香港; IQ العراق; IT italia; JP 日本; KR korea, 한국;
KZ казахстан; LB لبنان; LC st lucia; MX mejico; NZ nz; RU россия; SA السعودية; SY سوريا; TW 台灣, 台湾;
UA украина, україна; US us, america; ZA rsa
"""
# Name of a state of the US → ISO 3166-2 code.
_STATES = """
AL alabama; AK alaska; AZ arizona; AR arkansas; CA california; CO colorado; CT connecticut; DE delaware;
DC district of columbia; FL florida; GA georgia; HI hawaii; ID idaho; IL illinois; IN indiana; IA iowa;
KS kansas; KY kentucky; LA louisiana; ME maine; MD maryland; MA massachusetts; MI michigan; MN minnesota;
MS mississippi; MO missouri; MT montana; NE nebraska; NV nevada; NH new hampshire; NJ new jersey;
NM new mexico; NY new york; NC north carolina; ND north dakota; OH ohio; OK oklahoma; OR oregon;
PA pennsylvania; RI rhode island; SC south carolina; SD south dakota; TN tennessee; TX texas; UT utah;
VT vermont; VA virginia; WA washington; WV west virginia; WI wisconsin; WY wyoming
"""
MAX_TEXT_LENGTH = 60
_NOT_LETTER = re.compile(r"[\W\d_]+")


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text[:MAX_TEXT_LENGTH]).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_LETTER.sub(" ", letters).strip()


def _split_rows(text: str) -> list[str]:
    return " ".join(text.split()).split("; ")


def _read_rows() -> tuple[dict[str, str], dict[str, str]]:
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in _split_rows(_ROWS):
        code, three, listed = row.split(" ", 2)
        codes |= dict.fromkeys((code.lower(), three), code)
        names |= dict.fromkeys(listed.split(", "), code)
    for row in _split_rows(_OTHER_NAMES):
        code, listed = row.split(" ", 1)
        names |= dict.fromkeys(map(_fold, listed.split(", ")), code)
    return codes, names


_CODES, COUNTRY_NAMES = _read_rows()
STATE_CODES = {name: f"US-{code}" for code, name in (row.split(" ", 1) for row in _split_rows(_STATES))}


def find_country_code(text: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code that a code or a name means."""
    letters = _fold(text)
    return COUNTRY_NAMES.get(letters) or _CODES.get(letters)
