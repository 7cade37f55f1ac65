"""``/docs``: the OpenAPI description in Swagger UI, whose files come from the package flask-swagger-ui."""

from flask import Blueprint, Response

from service.web.pages import POLICY, page

# The package's style sheet draws its arrows as data: URLs.
LOOSER = POLICY.replace("img-src 'self'", "img-src 'self' data:")

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def docs() -> Response:
    """Show the description, and let people try each operation out."""
    response = page("docs.html")
    response.headers["Content-Security-Policy"] = LOOSER
    return response
