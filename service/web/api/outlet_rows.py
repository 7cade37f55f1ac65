"""Outlets as rows: the table of ``/v1/outlets``, and the file ``/v1/outlets.csv``."""

from collections.abc import Iterable, Iterator

from service.core.outlets import Outlet
from service.core.resolve.catalog import Catalog
from service.web.framework.responses import Row


def outlet_rows(current: Catalog, outlets: Iterable[Outlet]) -> Iterator[Row]:
    """Yield a header, then one row an outlet with each rater's label."""
    raters = tuple(current.raters)
    yield ("domain", "name", "bias", "value", *raters, "factuality", "country", "state_media")
    for outlet in outlets:
        bias = outlet.bias
        said = {rating.rater: rating.label for rating in bias.ratings} if bias else {}
        rated = (bias.label, bias.value) if bias else (None, None)
        labels = (said.get(each) for each in raters)
        facts = (outlet.factuality, outlet.country, outlet.state_media)
        yield (outlet.domain, outlet.name, *rated, *labels, *facts)
