"""Litestar, which decodes and encodes with msgspec as the service does."""

import json
from pathlib import Path
from typing import Annotated, Any

from litestar import Litestar, post
from msgspec import Meta, Struct

from bench.rivals.scoring import distribution

OUTLETS = json.loads(Path("build/bench/outlets.json").read_text())
DATASET = json.loads(Path("build/bench/dataset.json").read_text())


class Request(Struct, forbid_unknown_fields=True):
    outlets: Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1, max_length=1000)]


@post("/v1/distribution", status_code=200)
async def post_distribution(data: Request) -> dict[str, Any]:
    return distribution(data.outlets, OUTLETS.get, DATASET)


app = Litestar([post_distribution], openapi_config=None)
