"""``/``: paste outlets, URLs, names or a whole story page, and see what the service makes of them."""

import re
import shlex
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import msgspec
from flask import Blueprint, Response, redirect, request, url_for
from msgspec import Struct
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from service.core.answer import Distribution, Options, ScoredEntry
from service.core.bias import LABELS
from service.core.coverage import UNLISTED_OUTLET
from service.core.coverage.facts import FactShares, summarize_fact
from service.core.distribution import Scorer
from service.core.errors import RequestError
from service.core.outlet_detail import get_suggester
from service.core.outlets import FACTUALITY
from service.core.paste import PastedText, TextKind, read
from service.core.resolve import Ties
from service.core.resolve.catalog import Catalog
from service.core.text_report import entry_group, sort_key
from service.requests.schemas import check_length
from service.requests.validation_errors import to_request_error
from service.web.framework.endpoint import get_catalog, get_settings
from service.web.framework.worker_threads import in_thread, run_by_size
from service.web.pages import describe_error, pluralize, render_page, wants_page
from service.web.pages.embed_snippets import EmbedSnippets, make_snippets
from service.web.pages.previews import sentence_below, write_heading
from service.web.picture_style import Colors
from service.web.svg import printable

# Characters of an address that servers and mail programs still carry; gunicorn takes 4,094.
MAX_LINK_CHARS = 3500
# Characters and lines of a pasted text that are read: a long story page has a tenth of them.
MAX_TEXT_CHARS = 250_000
MAX_LINES = 5000
# A browser sends five; each costs time to take apart.
MAX_FORM_FIELDS = 1000
# Entries that get their mark while they are typed, and unknown ones for which like names are looked for.
MAX_MARKS = 200
MAX_SUGGESTED = 12
MAX_FIXES = 3
# A spectrum of more sources has bars with counts instead of a dot for each.
MAX_DOTS = 60

COUNTRY_CODE = re.compile("[A-Z]{2}")
INVISIBLE = re.compile("[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


class ExampleList(Struct, frozen=True):
    """A list to try: outlets that reported a real story, in the order of a collection of August 2025."""

    name: str
    outlets: str


EXAMPLES = msgspec.json.decode(
    (Path(__file__).parent / "examples.json").read_bytes(), type=tuple[ExampleList, ...]
)

blueprint = Blueprint("home", __name__)


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
        return Options(
            self.raters or None, count_by=self.count_by, country=self.country or None, ties=self.ties
        )

    def changed_options(self) -> dict[str, Any]:
        """Return the fields of the API's request that differ from their defaults."""
        given: dict[str, Any] = {"raters": self.raters, "country": self.country}
        if self.count_by != "outlet":
            given["count_by"] = self.count_by
        if self.ties != "never":
            given["ties"] = self.ties
        return {name: value for name, value in given.items() if value}


class EntryMark(Struct, frozen=True):
    """One entry as it stands in the box, what became of it, and what could stand there instead."""

    entry: str
    status: str
    fixes: tuple[tuple[str, str], ...] = ()


class Row(Struct, frozen=True):
    """One entry of the list of sources, under its tab."""

    group: str
    entry: ScoredEntry
    mark: EntryMark


class HomeView(Struct, frozen=True):
    """Everything the page shows of one answer."""

    answer: Distribution
    pasted: PastedText
    rows: list[Row]
    steps: dict[str, list[ScoredEntry]]
    marks: list[EntryMark]
    factuality: FactShares
    ownership: FactShares
    link: str | None
    body: str
    curl: str
    take: EmbedSnippets

    @property
    def has_figure(self) -> bool:
        """False where so few sources are rated that a percentage would mislead."""
        return self.answer.robustness.level != "too_few"

    @property
    def has_dots(self) -> bool:
        return self.answer.counts.rated <= MAX_DOTS

    @property
    def headline(self) -> str:
        counts = self.answer.counts
        if not any(row.entry.domain for row in self.rows):
            return "No outlet found"
        return write_heading((counts.left, counts.center, counts.right))

    @property
    def sentence(self) -> str:
        return sentence_below(self.answer.sentence)


@blueprint.post("/check")
def check() -> Response:
    """Answer what is in the box while it is typed, as a piece of page: marks of its entries and the panel."""
    try:
        return render_check(read_form())
    except (HTTPException, RequestError) as error:
        status, reason = describe_error(error)
        return render_page("check.html", status, asked=HomeForm(), panel=None, reason=reason)


@in_thread
def render_check(fields: MultiDict[str, str]) -> Response:
    """Render the piece of page for what was typed."""
    current = get_catalog()
    asked = parse_form(fields, current)
    panel = build_view(current, asked) if asked.outlets.strip() else None
    response = render_page("check.html", asked=asked, panel=panel, reason=None)
    response.cache_control.no_store = True
    return response


@blueprint.route("/", methods=["GET", "POST"])
def show_home() -> Response:
    """Render the form, and the result if something was submitted. A link sends the same as the form."""
    fields: MultiDict[str, str] = MultiDict()
    try:
        fields = read_form()
        return render_home(fields)
    except (HTTPException, RequestError) as error:
        if not wants_page():
            raise
        status, reason = describe_error(error)
        asked = keep_form(fields)
        return render_page("home.html", status, asked=asked, panel=None, reason=reason, examples=EXAMPLES)


def keep_form(fields: MultiDict[str, str]) -> HomeForm:
    """Return as much of a refused form as can be shown again."""
    try:
        return parse_form(fields, get_catalog())
    except RequestError:
        return HomeForm(outlets=fields.get("outlets", ""))


@in_thread
def render_home(fields: MultiDict[str, str]) -> Response:
    """Render the page for the fields of a form or link."""
    current = get_catalog()
    asked = parse_form(fields, current)
    panel = build_view(current, asked) if request.method == "POST" or asked.outlets.strip() else None
    if request.method == "POST" and (address := make_form_address(asked)):
        # An answer with an address of its own can be reloaded and shared.
        response: Response = redirect(address, 303)  # type: ignore[assignment]
        response.cache_control.no_store = True
        return response
    return render_page("home.html", asked=asked, panel=panel, reason=None, examples=EXAMPLES)


def read_form() -> MultiDict[str, str]:
    """Return the form's fields, from the body or from a link."""
    if request.method != "POST":
        return request.args
    body = request.get_data()
    return run_by_size(len(body), decode_form, body)


def decode_form(body: bytes) -> MultiDict[str, str]:
    """Return the fields of a form, without the files that may come with it."""
    if request.mimetype != "multipart/form-data" and body.count(b"&") >= MAX_FORM_FIELDS:
        raise RequestEntityTooLarge(f"a form may have at most {MAX_FORM_FIELDS} fields")
    # Files stay in memory, which the body's limit bounds: nothing here may be written.
    parser = FormDataParser(
        lambda *_args, **_kwargs: BytesIO(), max_form_memory_size=len(body), max_form_parts=MAX_FORM_FIELDS
    )
    options = request.mimetype_params
    _, fields, _ = parser.parse(BytesIO(body), request.mimetype, len(body), options)
    return fields


def parse_form(fields: MultiDict[str, str], current: Catalog) -> HomeForm:
    """Return the form out of ``fields``, whose other fields are ignored. Raise for a wrong value."""
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
    check_length(pasted.entries, "/outlets", get_settings().max_outlets)
    answer = scorer.score(pasted.entries)
    scored = answer.outlets or []
    units = [entry for entry in scored if entry.status != "duplicate"]
    known = [current.outlets.get(entry.domain or "", UNLISTED_OUTLET) for entry in units]
    marks = make_marks(current, scored)
    body = {"outlets": pasted.entries, **asked.changed_options()}
    return HomeView(
        answer=answer,
        pasted=pasted,
        rows=[Row(entry_group(entry), entry, marks[entry.index]) for entry in sorted(scored, key=sort_key)],
        steps=group_by_step(units),
        # Entries that can be mended stand first, since a long list shows only its beginning.
        marks=sorted(marks[:MAX_MARKS], key=lambda mark: not mark.fixes),
        factuality=summarize_fact([each.factuality for each in known], "factuality", FACTUALITY),
        ownership=summarize_fact([each.ownership for each in known], "the kind of owner"),
        link=make_permalink(asked, pasted),
        body=msgspec.json.format(to_visible_json(body), indent=1),
        curl=make_curl(body),
        take=make_snippets(answer.counts, pasted.entries, asked.colors),
    )


def group_by_step(units: list[ScoredEntry]) -> dict[str, list[ScoredEntry]]:
    """Return the rated entries under the step of the spectrum that each stands on."""
    steps: dict[str, list[ScoredEntry]] = {label: [] for label in LABELS}
    for entry in units:
        if entry.status == "rated" and entry.bias:
            steps[entry.bias.label].append(entry)
    return steps


def make_marks(current: Catalog, scored: list[ScoredEntry]) -> list[EntryMark]:
    """Mark what became of each entry, with what could be meant instead for the first that need it."""
    marks, asked = [], 0
    for entry in scored:
        text = entry.input if isinstance(entry.input, str) else entry.input.name or ""
        fixes: tuple[tuple[str, str], ...] = ()
        if entry.status == "ambiguous":
            fixes = tuple((each.domain, f"use {each.domain}") for each in entry.candidates[:MAX_FIXES])
        elif entry.status == "unknown" and asked < MAX_SUGGESTED:
            # Each search takes a few milliseconds.
            asked += 1
            alike = get_suggester(current).like(text)[:MAX_FIXES]
            fixes = tuple((each.domain, f"did you mean {printable(each.name)}?") for each in alike)
        marks.append(EntryMark(text, entry.status, fixes))
    return marks


def explain_no_entries(pasted: PastedText) -> str:
    if pasted.form == "page":
        return f"no outlet found in {pluralize(pasted.lines, 'line')}"
    return "nothing to score yet; give at least one domain, URL or outlet name"


def make_form_address(asked: HomeForm) -> str | None:
    """Return the address that fills the form in like this. ``None`` when it is too long to be carried."""
    fields = {**asked.changed_options(), "outlets": asked.outlets.replace("\r\n", "\n")}
    if asked.form != "auto":
        fields["form"] = asked.form
    if asked.colors != "blue-left":
        fields["colors"] = asked.colors
    address = url_for("home.show_home", _anchor="panel", **fields)
    return address if len(request.host_url) + len(address) <= MAX_LINK_CHARS else None


def make_permalink(asked: HomeForm, pasted: PastedText) -> str | None:
    """Return the address that gives the same answer. ``None`` when it is too long to be carried."""
    fields = {**asked.changed_options(), "outlets": "\n".join(pasted.entries), "form": "list"}
    if asked.colors != "blue-left":
        fields["colors"] = asked.colors
    link = request.host_url.rstrip("/") + url_for("home.show_home", **fields)
    return link if len(link) <= MAX_LINK_CHARS else None


def make_curl(body: Mapping[str, Any]) -> str:
    url = request.host_url.rstrip("/") + url_for("scoring.post_distribution")
    text = shlex.quote(to_visible_json(body))
    return f"curl {shlex.quote(url)} \\\n  -H 'Content-Type: application/json' \\\n  -d {text}"


def to_visible_json(body: Mapping[str, Any]) -> str:
    """JSON in which marks that turn or hide text are escapes, so that it reads as it is sent."""
    text = msgspec.json.encode(body).decode()
    return INVISIBLE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)
