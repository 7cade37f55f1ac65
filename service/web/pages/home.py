"""``/``: paste outlets, URLs, names or a whole story page, and see what the service makes of them."""

import re
import shlex
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Literal

import msgspec
from flask import Blueprint, Response, request, url_for
from msgspec import Struct
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser

from service.core.answer import Distribution, Options, ScoredEntry
from service.core.coverage import UNLISTED_OUTLET
from service.core.coverage.facts import FactShares, summarize_fact
from service.core.distribution import Scorer
from service.core.errors import RequestError
from service.core.figures import TOO_FEW_PREFIX
from service.core.outlets import FACTUALITY
from service.core.paste import PastedText, TextKind, read
from service.core.resolve import Ties
from service.core.resolve.catalog import Catalog
from service.core.text_report import entry_group, sort_key
from service.web.framework.endpoint import enforce_limit, get_catalog, get_settings
from service.web.framework.validation_errors import to_request_error
from service.web.pages import describe_error, pluralize, render_page, wants_page
from service.web.pages.embed_snippets import EmbedSnippets, make_snippets
from service.web.pages.rows import EntryMark, group_by_step, make_marks
from service.web.pages.stories import EXAMPLES
from service.web.picture_style import Colors

MAX_LINK_CHARS = 3500
"""Characters of an address that servers and mail programs still carry; gunicorn takes 4,094."""

MAX_TEXT_CHARS = 250_000
"""Characters of a pasted text that are read: ten times a long story page."""

MAX_LINES = 5000
"""Lines of a pasted text: each may be looked up, and a long story page has some hundred."""

COUNTRY_CODE = re.compile("[A-Z]{2}")
INVISIBLE = re.compile("[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

blueprint = Blueprint("panel", __name__)


class HomeForm(Struct, frozen=True, kw_only=True):
    """The form as it was filled in."""

    outlets: str = ""
    form: Literal["auto", "list", "page"] = "auto"
    raters: tuple[str, ...] = ()
    count_by: Literal["outlet", "entry"] = "outlet"
    country: str = ""
    ties: Ties = "never"
    colors: Colors = "blue-left"

    def options(self) -> Options:
        """Return the same as the core knows it."""
        return Options(
            self.raters or None, count_by=self.count_by, country=self.country or None, ties=self.ties
        )

    def chosen(self) -> dict[str, Any]:
        """Return the fields of the API's request that differ from their defaults."""
        given: dict[str, Any] = {"raters": self.raters, "country": self.country}
        if self.count_by != "outlet":
            given["count_by"] = self.count_by
        if self.ties != "never":
            given["ties"] = self.ties
        return {name: value for name, value in given.items() if value}


class HomeView(Struct, frozen=True):
    """Everything the page shows of one answer."""

    answer: Distribution
    pasted: PastedText
    rows: list[tuple[str, ScoredEntry]]
    steps: dict[str, list[ScoredEntry]]
    marks: list[EntryMark]
    factuality: FactShares
    ownership: FactShares
    link: str | None
    body: str
    curl: str
    take: EmbedSnippets

    @property
    def headline(self) -> str:
        """The largest side, unless the figure is of too few sources to stand by itself."""
        few = self.answer.robustness.level == "too_few"
        return TOO_FEW_PREFIX if few else self.answer.headline or TOO_FEW_PREFIX


@blueprint.post("/check")
def check() -> Response:
    """Answer what is in the box while it is typed, as a piece of page: marks of its entries and the panel."""
    current = get_catalog()
    try:
        asked = parse_form(read_form(), current)
        panel = build_view(current, asked) if asked.outlets.strip() else None
    except (HTTPException, RequestError) as error:
        status, reason = describe_error(error)
        return render_page("check.html", status, asked=HomeForm(), panel=None, reason=reason)
    response = render_page("check.html", asked=asked, panel=panel, reason=None)
    response.cache_control.no_store = True
    return response


@blueprint.route("/", methods=["GET", "POST"])
def show_home() -> Response:
    """Return the form, and under it the answer to what was sent with it. A link sends the same as the
    form.
    """
    asked, current = HomeForm(), get_catalog()
    try:
        fields = read_form()
        asked = HomeForm(outlets=fields.get("outlets", ""))
        asked = parse_form(fields, current)
        panel = build_view(current, asked) if request.method == "POST" or asked.outlets.strip() else None
    except (HTTPException, RequestError) as error:
        if not wants_page():
            raise
        status, reason = describe_error(error)
        return render_page("panel.html", status, asked=asked, panel=None, reason=reason, examples=EXAMPLES)
    return render_page("panel.html", asked=asked, panel=panel, reason=None, examples=EXAMPLES)


def read_form() -> MultiDict[str, str]:
    """Return the form's fields, from the body or from a link."""
    if request.method != "POST":
        return request.args
    # Files that come with it stay in memory, which the body's limit bounds: nothing here may be written.
    parser = FormDataParser(lambda *_given: BytesIO(), max_form_memory_size=get_settings().max_body)
    options = request.mimetype_params
    _, fields, _ = parser.parse(request.stream, request.mimetype, request.content_length, options)
    return fields


def parse_form(fields: MultiDict[str, str], current: Catalog) -> HomeForm:
    """Return the form out of ``fields``. Fields that are none of its own are let be. Raises for a wrong
    value.
    """
    values: dict[str, Any] = {name: fields[name] for name in HomeForm.__struct_fields__ if name in fields}
    raters = fields.getlist("raters")
    values["raters"] = () if set(raters) == set(current.raters) else tuple(raters)
    values["country"] = values.get("country", "").strip().upper()
    try:
        return msgspec.convert(values, HomeForm)
    except msgspec.ValidationError as error:
        raise to_request_error(error, HomeForm, query=True) from error


def build_view(current: Catalog, asked: HomeForm) -> HomeView:
    """Return the answer to ``asked``. Raise ``RequestError`` when it cannot be scored, or is too much."""
    if asked.country and not COUNTRY_CODE.fullmatch(asked.country):
        raise RequestError("/country", "two letters (ISO 3166-1), such as GB, or nothing")
    if len(asked.outlets) > MAX_TEXT_CHARS:
        raise RequestError("/outlets", f"{len(asked.outlets):,} characters given, {MAX_TEXT_CHARS:,} allowed")
    lines = asked.outlets.count("\n") + 1
    if lines > MAX_LINES:
        raise RequestError("/outlets", f"{lines:,} lines given, {MAX_LINES:,} allowed")
    form: TextKind | None = None if asked.form == "auto" else asked.form
    pasted = read(current, asked.outlets, form)
    if not pasted.entries:
        raise RequestError("/outlets", explain_no_entries(pasted))
    scorer = Scorer(current, asked.options())
    answer = scorer.score(enforce_limit(pasted.entries, "/outlets"))
    scored = answer.outlets or []
    units = [entry for entry in scored if entry.status != "duplicate"]
    known = [current.outlets.get(entry.domain or "", UNLISTED_OUTLET) for entry in units]
    body = {"outlets": pasted.entries, **asked.chosen()}
    return HomeView(
        answer=answer,
        pasted=pasted,
        rows=[(entry_group(entry), entry) for entry in sorted(scored, key=sort_key)],
        steps=group_by_step(units),
        marks=make_marks(current, scored),
        factuality=summarize_fact([each.factuality for each in known], "factuality", FACTUALITY),
        ownership=summarize_fact([each.ownership for each in known], "the kind of owner"),
        link=make_permalink(asked, pasted),
        body=msgspec.json.format(to_visible_json(body), indent=1),
        curl=make_curl(body),
        take=make_snippets(answer.counts, pasted.entries, asked.colors),
    )


def explain_no_entries(pasted: PastedText) -> str:
    """Return why there is nothing to score."""
    if pasted.form == "page":
        return f"no address and no outlet's name found in {pluralize(pasted.lines, 'line')}"
    return "nothing to score yet; give at least one domain, URL or outlet name"


def make_permalink(asked: HomeForm, pasted: PastedText) -> str | None:
    """Return the address that gives the same answer. ``None`` when it is too long to be carried."""
    fields = {**asked.chosen(), "outlets": "\n".join(pasted.entries), "form": "list"}
    if asked.colors != "blue-left":
        fields["colors"] = asked.colors
    link = request.host_url.rstrip("/") + url_for("panel.show_home", **fields)
    return link if len(link) <= MAX_LINK_CHARS else None


def make_curl(body: Mapping[str, Any]) -> str:
    """Return the command that asks the API for the same answer."""
    url = request.host_url.rstrip("/") + url_for("scoring.post_distribution")
    text = shlex.quote(to_visible_json(body))
    return f"curl {shlex.quote(url)} \\\n  -H 'Content-Type: application/json' \\\n  -d {text}"


def to_visible_json(body: Mapping[str, Any]) -> str:
    """JSON in which marks that turn or hide text are escapes, so that it reads as it is sent."""
    text = msgspec.json.encode(body).decode()
    return INVISIBLE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)
