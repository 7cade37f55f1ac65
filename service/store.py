"""The catalog that is served now; a reload swaps it in whole."""

from collections.abc import Callable

from service.core.resolve.catalog import Catalog


class Store:
    """Holds one catalog at a time; readers take ``catalog`` once per request; a swap is one assignment."""

    def __init__(self, load: Callable[[], Catalog]) -> None:
        self.catalog = load()
