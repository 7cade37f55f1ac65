"""News agencies whose texts other outlets print, under the names by which they are credited.

To add one: a line with the name we show, its own sites, its names (matched in any case) and its codes
(matched as written, since "aa" or "ap" may be anything). Several go in one string, parted by ``;``.
"""

from typing import NamedTuple


class Agency(NamedTuple):
    """A wire service: the name we show, its own sites, and what a credit calls it."""

    name: str
    domains: tuple[str, ...]
    names: tuple[str, ...]
    codes: tuple[str, ...]


def _make_agency(name: str, domains: str, names: str = "", codes: str = "") -> Agency:
    return Agency(name, *(tuple(filter(None, text.split("; "))) for text in (domains, names, codes)))


AGENCIES: tuple[Agency, ...] = (
    _make_agency(
        "Reuters",
        "reuters.com",
        "Reuters; Reuter; Thomson Reuters; Reuters News Agency; Рейтер; Рейтерс; 路透社; 路透; ロイター; "
        "ロイター通信; 로이터; رويترز; रॉयटर्स; רויטרס",
    ),
    _make_agency(
        "Associated Press",
        "apnews.com; ap.org",
        "Associated Press; AP News; 美联社; 美聯社; AP通信; أسوشيتد برس; एपी",
        "AP",
    ),
    _make_agency(
        "AFP",
        "afp.com",
        "Agence France-Presse; Agence France Presse; 法新社; AFP通信; AFP=時事; АФП; एएफपी; أ ف ب; أ.ف.ب; "
        "فرانس برس; وكالة فرانس برس",
        "AFP; afp",
    ),
    _make_agency("dpa", "dpa.com; dpa-international.com", "Deutsche Presse-Agentur; د ب أ", "dpa; DPA"),
    _make_agency("EFE", "efe.com; agenciaefe.es", "Agencia EFE; Agência EFE", "EFE; Efe"),
    _make_agency("Europa Press", "europapress.es", "Europa Press"),
    _make_agency("ANSA", "ansa.it", "Agenzia ANSA", "ANSA; Ansa"),
    _make_agency("Adnkronos", "adnkronos.com", "Adnkronos"),
    _make_agency("Lusa", "lusa.pt", "Agência Lusa", "Lusa; LUSA"),
    _make_agency("Agência Brasil", "agenciabrasil.ebc.com.br", "Agência Brasil"),
    _make_agency("Estadão Conteúdo", "", "Estadão Conteúdo"),
    _make_agency("ANP", "anp.nl", "", "ANP"),
    _make_agency("Belga", "belganewsagency.eu", "Belga"),
    _make_agency("APA", "apa.at", "Austria Presse Agentur", "APA"),
    _make_agency("Keystone-SDA", "keystone-sda.ch", "Keystone-SDA; Keystone-ATS", "SDA; sda"),
    _make_agency("TASS", "tass.com; tass.ru", "ТАСС; ITAR-TASS; ИТАР-ТАСС; 塔斯社; تاس", "TASS; Tass"),
    _make_agency("RIA Novosti", "ria.ru", "РИА Новости; RIA Novosti"),
    _make_agency("Interfax", "interfax.ru; interfax.com", "Интерфакс; Interfax"),
    _make_agency(
        "Interfax-Ukraine", "interfax.com.ua", "Інтерфакс-Україна; Интерфакс-Украина; Interfax-Ukraine"
    ),
    _make_agency("Ukrinform", "ukrinform.ua; ukrinform.net", "Укрінформ; Укринформ; Ukrinform"),
    _make_agency("UNIAN", "unian.ua; unian.net", "УНІАН; УНИАН", "UNIAN"),
    _make_agency("PAP", "pap.pl", "Polska Agencja Prasowa", "PAP"),
    _make_agency("Anadolu", "aa.com.tr", "Anadolu; Anadolu Agency; Anadolu Ajansı; الأناضول", "AA"),
    _make_agency("DHA", "dha.com.tr", "Demirören Haber Ajansı", "DHA"),
    _make_agency("İHA", "iha.com.tr", "İhlas Haber Ajansı", "İHA; IHA"),
    _make_agency(
        "Xinhua", "xinhuanet.com; news.cn", "Xinhua; Xinhua News Agency; 新华社; 新華社; 新華社通信; شينخوا"
    ),
    _make_agency(
        "China News Service", "chinanews.com; chinanews.com.cn", "China News Service; 中新社; 中新网"
    ),
    _make_agency("Central News Agency", "cna.com.tw; focustaiwan.tw", "中央社"),
    _make_agency("Kyodo", "kyodonews.net; kyodo.co.jp", "Kyodo; Kyodo News; 共同; 共同通信; 共同社"),
    _make_agency("Jiji", "jiji.com", "Jiji; Jiji Press; 時事; 時事通信"),
    _make_agency("Yonhap", "yna.co.kr", "Yonhap; 연합뉴스; 韩联社; 韓聯社; 聯合ニュース"),
    _make_agency("Newsis", "newsis.com", "Newsis; 뉴시스"),
    _make_agency("PTI", "ptinews.com", "Press Trust of India; पीटीआई; पीटीआई-भाषा; भाषा", "PTI"),
    _make_agency("ANI", "aninews.in", "Asian News International; एएनआई", "ANI"),
    _make_agency("IANS", "ians.in", "Indo-Asian News Service; आईएएनएस", "IANS"),
    _make_agency("Bernama", "bernama.com", "Bernama"),
    _make_agency("Antara", "antaranews.com", "", "ANTARA; Antara"),
    _make_agency("AAP", "aap.com.au", "Australian Associated Press", "AAP"),
    _make_agency("PA Media", "pa.media", "PA Media; Press Association"),
    _make_agency("The Canadian Press", "thecanadianpress.com", "Canadian Press; La Presse Canadienne"),
    _make_agency("UPI", "upi.com", "United Press International", "UPI"),
    _make_agency("Bloomberg", "bloomberg.com", "Bloomberg; Bloomberg News; ブルームバーグ"),
    _make_agency("Kazinform", "inform.kz", "Kazinform; Казинформ; Қазақпарат"),
    _make_agency("WAM", "wam.ae", "وام", "WAM"),
    _make_agency("SPA", "spa.gov.sa", "Saudi Press Agency; واس", "SPA"),
    _make_agency("QNA", "qna.org.qa", "Qatar News Agency; قنا", "QNA"),
    _make_agency("MENA", "", "Middle East News Agency; أ ش أ", "MENA"),
    _make_agency("IRNA", "irna.ir", "إرنا", "IRNA"),
    _make_agency("NTB", "ntb.no", "", "NTB"),
    _make_agency("Ritzau", "ritzau.dk", "Ritzau"),
    _make_agency("ČTK", "ctk.cz", "Česká tisková kancelář", "ČTK; CTK"),
)

AGENCY_BY_DOMAIN: dict[str, Agency] = {domain: agency for agency in AGENCIES for domain in agency.domains}
