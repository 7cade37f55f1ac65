"""Flask with the table as a DataFrame, one ``.loc`` an outlet: how such services are often written."""

import json
from pathlib import Path

import pandas as pd
from flask import Flask, jsonify, request

from bench.rivals.scoring import distribution

DATASET = json.loads(Path("build/bench/dataset.json").read_text())
FRAME = pd.DataFrame.from_dict(json.loads(Path("build/bench/outlets.json").read_text()), orient="index")
app = Flask(__name__)
app.json.sort_keys = False


def look_up(host):
    if host not in FRAME.index:
        return None
    row = FRAME.loc[host]
    return {name: None if row[name] is None else row[name] for name in FRAME.columns}


@app.post("/v1/distribution")
def post_distribution():
    return jsonify(distribution(request.get_json()["outlets"], look_up, DATASET))
