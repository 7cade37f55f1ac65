"""Words of the trade: too many outlets bear them for one to be known by them."""

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
