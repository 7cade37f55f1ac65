"""``/outlets/{domain}``: what is known of an outlet, who says so, when, under which terms."""

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from service.web.api.outlets import get_outlet
from service.web.http.endpoint import catalog
from service.web.pages import page, wants_page

blueprint = Blueprint("outlet_page", __name__)


@blueprint.get("/outlets/<domain>")
def outlet(domain: str) -> Response:
    """One outlet, found by its domain or by another host of it."""
    try:
        found = get_outlet(domain)
    except NotFound as error:
        if not wants_page():
            raise
        return page("problem.html", 404, title="Not listed", reason=error.description)
    return page("outlet.html", outlet=found, raters=catalog().raters)
