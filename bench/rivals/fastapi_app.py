"""FastAPI, typed with pydantic at both ends, a dictionary for the table."""

import json
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from bench.rivals.scoring import distribution

OUTLETS = json.loads(Path("build/bench/outlets.json").read_text())
DATASET = json.loads(Path("build/bench/dataset.json").read_text())


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")
    outlets: Annotated[list[str], Field(min_length=1, max_length=1000)]


class Sides(BaseModel):
    left: int
    center: int
    right: int


class Rating(BaseModel):
    rater: str
    label: str
    value: float
    as_of: str | None
    url: str | None = None
    basis: str | None = None
    stale: bool = False
    since: str | None = None


class Bias(BaseModel):
    label: str
    side: str
    value: float
    spread: float
    ratings: list[Rating]
    evidence: str | None = None
    contested: bool = False


class Match(BaseModel):
    by: str
    confidence: float


class Entry(BaseModel):
    index: int
    input: str
    status: str
    domain: str | None
    name: str | None
    match: Match | None
    bias: Bias | None
    factuality: str | None
    country: str | None
    duplicate_of: int | None
    candidates: list[dict[str, str | None]]
    section: str | None = None


class Counts(Sides):
    rated: int
    unrated: int
    total: int
    entries: int
    duplicates: int
    by_status: dict[str, int]
    opinion: int


class Dataset(BaseModel):
    version: str
    sha256: str
    raters: list[str]
    method: str
    commercial_use: bool | None
    about: str


class RaterView(BaseModel):
    distribution: Sides | None
    rated: int


class SingleRater(BaseModel):
    rated: int
    near_center: int
    if_center: Sides | None


class Links(BaseModel):
    page: str | None
    bar_svg: str
    bar_png: str


class OwnersOnce(BaseModel):
    distribution: Sides | None
    merged: int


class Robustness(BaseModel):
    level: str
    probability_leading: float | None
    reasons: list[str]
    single_rater: SingleRater
    interval: dict[str, list[float]]
    label_error: dict[str, list[float]]
    bounds: dict[str, list[float]]
    owners_once: OwnersOnce
    by_rater: dict[str, RaterView]


class Answer(BaseModel):
    headline: str | None
    sentence: str
    leading: list[str]
    distribution: Sides | None
    counts: Counts
    shares: dict[str, dict[str, float]]
    spectrum: dict[str, int]
    mean: float | None
    robustness: Robustness
    outlets: list[Entry]
    dataset: Dataset
    links: Links


app = FastAPI()


@app.post("/v1/distribution", response_model_exclude_unset=True)
async def post_distribution(request: Request) -> Answer:
    return distribution(request.outlets, OUTLETS.get, DATASET)
