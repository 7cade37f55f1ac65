"""Cards that networks and chats show beside a link: of a story, an outlet, the start page."""

from collections.abc import Sequence
from typing import Annotated

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from service.core.figures import (
    MIN_RATED,
    TOO_FEW_PREFIX,
    SideCounts,
    find_leading,
    side_names,
    write_headline,
    write_sentence,
)
from service.web import png
from service.web.api.images import bias_label
from service.web.api.outlets import get_outlet_or_404
from service.web.framework.decoding import decode_query
from service.web.framework.endpoint import get_catalog
from service.web.framework.responses import make_cacheable
from service.web.picture_style import Colors, PictureStyle
from service.web.svg import CARD_TEXT_WIDTH, draw_badge, draw_bar, draw_card, printable

# A card shows bar and badge at twice their size.
BAR_WIDTH, BAR_HEIGHT = CARD_TEXT_WIDTH // 2, 48
BADGE_HEIGHT = 36
MAX_RATERS = 3

blueprint = Blueprint("previews", __name__)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class CardQuery(Struct, frozen=True, kw_only=True):
    """Counts of a story. Without any the card is that of the start page."""

    left: Count = 0
    center: Count = 0
    right: Count = 0
    unrated: Count = 0
    colors: Colors = "blue-left"


def write_heading(sides: SideCounts) -> str:
    """Name the largest side, unless none leads or too few sources are rated."""
    if sum(sides) < MIN_RATED:
        return TOO_FEW_PREFIX if any(sides) else "No source is rated"
    leading = find_leading(sides)
    return f"{side_names(leading)} tie" if len(leading) > 1 else write_headline(sides) or ""


def sentence_below(sentence: str) -> str:
    """Drop the words that stand in the heading above the sentence."""
    rest = sentence.removeprefix(f"{TOO_FEW_PREFIX}: ")
    return rest[:1].upper() + rest[1:]


@blueprint.get("/card.png")
def story_card() -> Response:
    """Draw the figures of a story."""
    query: CardQuery = decode_query(CardQuery, request.args)
    sides, unrated = (query.left, query.center, query.right), query.unrated
    if any((*sides, unrated)):
        heading, line = write_heading(sides), sentence_below(write_sentence(sides, unrated))
    else:
        sides, unrated = (4, 9, 7), 4
        heading, line = "Who covers this story?", "How the outlets lean, and what to doubt about the figure."
    bar = draw_bar(sides, unrated, PictureStyle(colors=query.colors), BAR_WIDTH, BAR_HEIGHT)
    return card_response(heading, [line], bar)


@blueprint.get("/outlets/<domain>/card.png")
def outlet_card(domain: str) -> Response:
    """Draw an outlet with its consensus and what each rater says."""
    catalog = get_catalog()
    outlet = get_outlet_or_404(catalog, domain)
    name = printable(outlet.name if png.can_draw(outlet.name) else outlet.domain)
    side, ratings = (outlet.bias.side, outlet.bias.ratings) if outlet.bias else (None, ())
    badge = draw_badge("Bias", bias_label(outlet), side, PictureStyle(), BADGE_HEIGHT)
    verdicts = [f"{catalog.raters[rating.rater].name}: {rating.label}" for rating in ratings[:MAX_RATERS]]
    return card_response(name, [outlet.domain, *verdicts], badge)


def card_response(heading: str, lines: Sequence[str], picture: str) -> Response:
    catalog = get_catalog()
    names = ", ".join(rater.name for rater in catalog.raters.values())
    footer = printable(f"Ratings of {names} · data {catalog.version}", 90)
    svg = draw_card(heading, lines, picture, footer)
    response = Response(png.render_png(svg, 1), content_type=png.MEDIA_TYPE)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return make_cacheable(response)
