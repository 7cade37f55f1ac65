"""Take the pictures of README.md, light and dark: ``python -m tools.panel_picture``."""

import logging
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from service.dataset.load import load
from service.settings import Settings
from service.web.app import create_app
from service.web.pages.home import EXAMPLES
from tests.helpers.serving import debian

FOLDER = Path(__file__).parents[1] / "docs" / "images"
WIDTH, HEIGHT = 860, 620


def main() -> None:
    """Write docs/images/panel-light.png and panel-dark.png."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    settings = Settings()
    server = make_server("127.0.0.1", 0, create_app(settings, load(settings)), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/?{urlencode({'outlets': EXAMPLES[0]['outlets']})}"
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=debian("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            # The form stands above the panel at this width, so the picture begins where the panel does.
            page = browser.new_page(
                viewport={"width": WIDTH, "height": 3000}, color_scheme=scheme, device_scale_factor=1.5
            )
            page.goto(address)
            box = page.locator("#panel").bounding_box()
            assert box
            clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": min(HEIGHT, box["height"])}
            page.screenshot(path=FOLDER / f"panel-{scheme}.png", clip=clip)  # type: ignore[arg-type]
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
