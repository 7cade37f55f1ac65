"""Draw the cards that networks and chats show beside a link: of a story, an outlet, the start page."""

from typing import Annotated

import msgspec
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
from service.core.outlets import Outlet
from service.requests.validation_errors import to_request_error
from service.web import png
from service.web.api.images import bias_label
from service.web.api.outlets import get_outlet_or_404
from service.web.framework.caching import make_cacheable
from service.web.framework.endpoint import get_catalog
from service.web.picture_style import Colors, PictureStyle
from service.web.svg import CARD_MARGIN, CARD_WIDTH, draw_badge, draw_bar, draw_card, printable

# A card shows them twice as large, letters and all.
BAR_WIDTH, BAR_HEIGHT = (CARD_WIDTH - 2 * CARD_MARGIN) // 2, 48
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
    """Return the largest side, unless none leads or the figure is of too few sources to stand by itself."""
    if sum(sides) < MIN_RATED:
        return TOO_FEW_PREFIX if any(sides) else "No source is rated"
    leading = find_leading(sides)
    return f"{side_names(leading)} tie" if len(leading) > 1 else write_headline(sides) or ""


def sentence_below(sentence: str) -> str:
    """Return a sentence without the words that stand in the heading above it."""
    said = sentence.removeprefix(f"{TOO_FEW_PREFIX}: ")
    return said[:1].upper() + said[1:]


@blueprint.get("/card.png")
def story_card() -> Response:
    """Draw the figures of a story."""
    try:
        query = msgspec.convert(request.args.to_dict(), CardQuery, strict=False)
    except msgspec.ValidationError as error:
        raise to_request_error(error, CardQuery, query=True) from error
    sides, unrated = (query.left, query.center, query.right), query.unrated
    if any((*sides, unrated)):
        heading = write_heading(sides)
        line = sentence_below(write_sentence(sides, unrated))
    else:
        sides, unrated = (4, 9, 7), 4
        heading, line = "Who covers this story?", "How the outlets lean, and what to doubt about the figure."
    bar = draw_bar(sides, unrated, PictureStyle(colors=query.colors), BAR_WIDTH, BAR_HEIGHT)
    return card_response(draw_card(heading, [line], bar, _footer()))


@blueprint.get("/outlets/<domain>/card.png")
def outlet_card(domain: str) -> Response:
    """Draw an outlet with its consensus and what each rater says."""
    outlet = get_outlet_or_404(get_catalog(), domain)
    name = printable(outlet.name if png.can_draw(outlet.name) else outlet.domain)
    bias = outlet.bias
    badge = draw_badge("Bias", bias_label(outlet), bias.side if bias else None, PictureStyle(), BADGE_HEIGHT)
    return card_response(draw_card(name, [outlet.domain, *_verdicts(outlet)], badge, _footer()))


def _verdicts(outlet: Outlet) -> list[str]:
    raters = get_catalog().raters
    ratings = outlet.bias.ratings[:MAX_RATERS] if outlet.bias else ()
    return [f"{raters[each.rater].name}: {each.label}" for each in ratings if each.rater in raters]


def _footer() -> str:
    current = get_catalog()
    names = ", ".join(rater.name for rater in current.raters.values())
    return printable(f"Ratings of {names} · data {current.version}", 90)


def card_response(svg: str) -> Response:
    response = Response(png.render_png(svg, 1), content_type=png.MEDIA_TYPE)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return make_cacheable(response)
