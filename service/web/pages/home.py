"""``/``: paste outlets, URLs, names or a whole story page, and see their balance."""

import re
import shlex
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import msgspec
from flask import Blueprint, Response, redirect, request, url_for
from msgspec import Struct, structs
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from service.core.answer import Distribution, Options, ScoredEntry
from service.core.coverage import UNLISTED_OUTLET
from service.core.coverage.facts import FactShares, summarize_fact
from service.core.distribution import score
from service.core.errors import RequestError
from service.core.outlet_detail import get_suggester
from service.core.outlets import FACTUALITY
from service.core.paste import PastedText, read
from service.core.resolve import Ties
from service.core.resolve.catalog import Catalog
from service.core.text_report import entry_group, sort_key
from service.requests.schemas import check_length
from service.web.api.images import SIZE_ATTRIBUTES, Embed, make_embed
from service.web.framework.decoding import decode_query
from service.web.framework.endpoint import get_catalog, get_settings
from service.web.framework.worker_threads import in_thread, run_by_size
from service.web.i18n import DEFAULT, format_sentence
from service.web.pages import describe_error, pluralize, render_page, wants_page
from service.web.pages.previews import sentence_below, write_heading
from service.web.picture_style import Colors, PictureStyle

# Servers and mail programs still carry an address of this length; gunicorn takes 4,094.
MAX_LINK_CHARS = 3500
# A long story page has a tenth of these characters and lines.
MAX_TEXT_CHARS = 250_000
MAX_LINES = 5000
# A browser sends five; each costs time to take apart.
MAX_FORM_FIELDS = 1000
# Unknown entries for which like names are searched: each search takes a few milliseconds.
MAX_SUGGESTED = 12
MAX_FIXES = 3
API_OPTIONS = ("raters", "count_by", "country", "ties")

COUNTRY_CODE = re.compile("([A-Z]{2})?")
INVISIBLE = re.compile("[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


# Outlets that reported real stories, in the order of a collection of August 2025.
EXAMPLES: list[dict[str, str]] = msgspec.json.decode(Path(__file__).with_name("examples.json").read_bytes())

blueprint = Blueprint("home", __name__)
blueprint.add_app_template_filter(entry_group)
blueprint.add_app_template_filter(sentence_below)


class HomeForm(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The form as it was filled in. Its JSON has what differs from the defaults."""

    outlets: str = ""
    form: Literal["auto", "list", "page"] = "auto"
    raters: tuple[str, ...] = ()
    count_by: Literal["outlet", "entry"] = "outlet"
    country: str = ""
    ties: Ties = "never"
    colors: Colors = "blue-left"

    @property
    def has_options(self) -> bool:
        return structs.replace(self, outlets="") != HomeForm()


class HomeView(Struct, frozen=True):
    """An answer and what the page shows beside it. ``fixes`` has corrections by the index of their entry."""

    answer: Distribution
    heading: str
    pasted: PastedText
    entries: Sequence[ScoredEntry]
    fixes: Mapping[int, Sequence[Any]]
    factuality: FactShares
    ownership: FactShares
    link: str | None
    body: str
    curl: str
    bar: Mapping[str, Any]
    embed: Embed


@blueprint.post("/check")
def check() -> Response:
    """Render the marks and the panel for what is being typed, as a piece of the page."""
    try:
        return render_check(read_form())
    except (HTTPException, RequestError) as error:
        return render_refusal("check.html", error, HomeForm())


@in_thread
def render_check(fields: MultiDict[str, str]) -> Response:
    asked = parse_form(fields)
    panel = build_view(asked) if asked.outlets.strip() else None
    response = render_page("check.html", asked=asked, panel=panel, reason=None)
    response.cache_control.no_store = True
    return response


@blueprint.route("/", methods=["GET", "POST"])
def show_home() -> Response:
    """Render the form, and the result if something was submitted. A link carries the same fields."""
    fields: MultiDict[str, str] = MultiDict()
    try:
        fields = read_form()
        return render_home(fields)
    except (HTTPException, RequestError) as error:
        if not wants_page():
            raise
        return render_refusal("home.html", error, keep_form(fields))


@in_thread
def render_home(fields: MultiDict[str, str]) -> Response:
    asked = parse_form(fields)
    is_post = request.method == "POST"
    panel = build_view(asked) if is_post or asked.outlets.strip() else None
    if is_post and (path := make_path(structs.replace(asked, outlets=asked.outlets.replace("\r\n", "\n")))):
        # An answer with an address of its own can be reloaded and shared.
        response: Response = redirect(f"{path}#panel", 303)  # type: ignore[assignment]
        response.cache_control.no_store = True
        return response
    return render_page("home.html", asked=asked, panel=panel, reason=None, examples=EXAMPLES)


def render_refusal(template: str, error: HTTPException | RequestError, asked: HomeForm) -> Response:
    status, reason = describe_error(error)
    return render_page(template, status, asked=asked, panel=None, reason=reason, examples=EXAMPLES)


def keep_form(fields: MultiDict[str, str]) -> HomeForm:
    """Return as much of a refused form as can be shown again."""
    try:
        return parse_form(fields)
    except RequestError:
        return HomeForm(outlets=fields.get("outlets", ""))


def read_form() -> MultiDict[str, str]:
    """Return the form's fields, from the body or from a link."""
    if request.method != "POST":
        return request.args
    body = request.get_data()
    return run_by_size(len(body), decode_form, body)


def decode_form(body: bytes) -> MultiDict[str, str]:
    if request.mimetype != "multipart/form-data" and body.count(b"&") >= MAX_FORM_FIELDS:
        raise RequestEntityTooLarge(f"a form may have at most {MAX_FORM_FIELDS} fields")
    # Uploaded files stay in memory, which the body's limit bounds: nothing here may be written.
    parser = FormDataParser(
        lambda *_args, **_kwargs: BytesIO(), max_form_memory_size=len(body), max_form_parts=MAX_FORM_FIELDS
    )
    options = request.mimetype_params
    _, fields, _ = parser.parse(BytesIO(body), request.mimetype, len(body), options)
    return fields


def parse_form(fields: MultiDict[str, str]) -> HomeForm:
    """Return the form out of ``fields``, ignoring others. Raise ``RequestError`` for a wrong value."""
    known = {name: fields.getlist(name) for name in HomeForm.__struct_fields__ if name in fields}
    asked: HomeForm = decode_query(HomeForm, MultiDict(known))
    raters = () if set(asked.raters) == set(get_catalog().raters) else asked.raters
    return structs.replace(asked, raters=raters, country=asked.country.strip().upper())


def build_view(asked: HomeForm) -> HomeView:
    """Score what was asked. Raise ``RequestError`` when it cannot be scored, or is too much."""
    catalog = get_catalog()
    check_limits(asked)
    pasted = read(catalog, asked.outlets, None if asked.form == "auto" else asked.form)
    if not pasted.entries:
        raise RequestError("/outlets", explain_no_entries(pasted))
    changed = msgspec.to_builtins(asked)
    options = {name: changed[name] for name in API_OPTIONS if name in changed}
    check_length(pasted.entries, "/outlets", get_settings().max_outlets)
    answer = score(catalog, pasted.entries, msgspec.convert(options, Options))
    entries, counts = answer.outlets or [], answer.counts
    outlets = [
        catalog.outlets.get(entry.domain or "", UNLISTED_OUTLET)
        for entry in entries
        if entry.status != "duplicate"
    ]
    sides = (counts.left, counts.center, counts.right)
    path = make_path(structs.replace(asked, outlets="\n".join(pasted.entries), form="list"))
    body = {"outlets": pasted.entries, **options}
    bar = {name: getattr(counts, name) for name in ("left", "center", "right", "unrated")}
    if asked.colors != HomeForm().colors:
        bar["colors"] = asked.colors
    alt = format_sentence(DEFAULT, sides, counts.unrated)
    size = SIZE_ATTRIBUTES.format(width=320, height=32)
    return HomeView(
        answer=answer,
        heading=write_heading(sides) if any(entry.domain for entry in entries) else "No outlet found",
        pasted=pasted,
        entries=sorted(entries, key=sort_key),
        fixes=suggest_fixes(catalog, entries),
        factuality=summarize_fact([outlet.factuality for outlet in outlets], "factuality", FACTUALITY),
        ownership=summarize_fact([outlet.ownership for outlet in outlets], "the kind of owner"),
        link=path and request.host_url.rstrip("/") + path,
        body=msgspec.json.format(to_visible_json(body), indent=1),
        curl=make_curl(body),
        bar=bar,
        embed=make_embed(alt, "bar", bar, size, PictureStyle()),
    )


def check_limits(asked: HomeForm) -> None:
    if not COUNTRY_CODE.fullmatch(asked.country):
        raise RequestError("/country", "two letters (ISO 3166-1), such as GB, or nothing")
    for number, unit, limit in (
        (len(asked.outlets), "characters", MAX_TEXT_CHARS),
        (asked.outlets.count("\n") + 1, "lines", MAX_LINES),
    ):
        if number > limit:
            raise RequestError("/outlets", f"{number:,} {unit} given, {limit:,} allowed")


def suggest_fixes(catalog: Catalog, entries: Sequence[ScoredEntry]) -> dict[int, Sequence[Any]]:
    """Suggest outlets for each ambiguous entry, and for the first unknown ones."""
    found: dict[int, Sequence[Any]] = {
        entry.index: [candidate for candidate in entry.candidates if candidate.listed is not False]
        for entry in entries
        if entry.status == "ambiguous"
    }
    unknown = [entry for entry in entries if entry.status == "unknown"][:MAX_SUGGESTED]
    found |= {entry.index: get_suggester(catalog).like(str(entry.input)) for entry in unknown}
    return {index: outlets[:MAX_FIXES] for index, outlets in found.items() if outlets}


def explain_no_entries(pasted: PastedText) -> str:
    if pasted.form == "page":
        return f"no outlet found in {pluralize(pasted.lines, 'line')}"
    return "nothing to score yet; give at least one domain, URL or outlet name"


def make_path(asked: HomeForm) -> str | None:
    """Return the path that fills the form in like this, or ``None`` if a link cannot carry that much."""
    path = url_for("home.show_home", **msgspec.to_builtins(asked))
    return path if len(request.host_url) + len(path) <= MAX_LINK_CHARS else None


def make_curl(body: Mapping[str, Any]) -> str:
    url = request.host_url.rstrip("/") + url_for("scoring.post_distribution")
    text = shlex.quote(to_visible_json(body))
    return f"curl {shlex.quote(url)} \\\n  -H 'Content-Type: application/json' \\\n  -d {text}"


def to_visible_json(body: Mapping[str, Any]) -> str:
    """Encode with escapes for characters that turn or hide text, so that it reads as it is sent."""
    text = msgspec.json.encode(body).decode()
    return INVISIBLE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)
