"""FastAPI as those write it who look at its costs: typed on the way in, a dictionary through orjson out."""

import orjson
from fastapi import FastAPI, Response

from bench.rivals.fastapi_app import DATASET, OUTLETS, Request
from bench.rivals.scoring import distribution

app = FastAPI()


@app.post("/v1/distribution")
async def post_distribution(request: Request) -> Response:
    answer = distribution(request.outlets, OUTLETS.get, DATASET)
    return Response(orjson.dumps(answer), media_type="application/json")
