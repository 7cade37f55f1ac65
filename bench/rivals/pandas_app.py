"""Flask with the table as a DataFrame, one ``.loc`` an outlet: how such services are often written.

``app`` selects the row where the column equals the host; ``indexed`` looks it up in an index.
"""

import json
from pathlib import Path

import pandas as pd
from flask import Flask, jsonify, request

from bench.rivals.scoring import distribution

DATASET = json.loads(Path("build/bench/dataset.json").read_text())
BY_HOST = pd.DataFrame.from_dict(json.loads(Path("build/bench/outlets.json").read_text()), orient="index")
FRAME = BY_HOST.reset_index(drop=True)


def fields(row):
    return {name: None if row[name] is None else row[name] for name in FRAME.columns}


def by_column(host):
    rows = FRAME.loc[FRAME["domain"] == host]
    return None if rows.empty else fields(rows.iloc[0])


def by_index(host):
    return fields(BY_HOST.loc[host]) if host in BY_HOST.index else None


def serving(look_up):
    app = Flask(__name__)
    app.json.sort_keys = False

    @app.post("/v1/distribution")
    def post_distribution():
        return jsonify(distribution(request.get_json()["outlets"], look_up, DATASET))

    return app


app = serving(by_column)
indexed = serving(by_index)
