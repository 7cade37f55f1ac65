"""``/docs``: the OpenAPI description in Swagger UI, whose files come from the package flask-swagger-ui."""

from flask import Blueprint, Response

from service.web.pages import CONTENT_SECURITY_POLICY, render_page

# The package's style sheet draws its arrows as data: URLs.
SWAGGER_POLICY = CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:")

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def show_docs() -> Response:
    response = render_page("docs.html")
    response.headers["Content-Security-Policy"] = SWAGGER_POLICY
    return response
