"""The job as a rival would write it: the host of each entry, one look-up each, the same figures."""

import json
import re
from collections import Counter
from math import erfc, sqrt
from pathlib import Path
from urllib.parse import quote_plus, urlencode, urlsplit

SIDES = ("left", "center", "right")
LABELS = ("far_left", "left", "lean_left", "center", "lean_right", "right", "far_right")
Z = 1.959963984540054
NEAR = 1.5
NAMES = {"allsides": "AllSides", "mbfc": "Media Bias/Fact Check"}
APOSTROPHE = ("'s", "'")

OUTLETS = json.loads(Path("build/bench/outlets.json").read_text())
OWNERS = json.loads(Path("build/bench/owners.json").read_text())
OPINION = re.compile(r"/(?:opinions?|editorials?|commentary|commentisfree|columnists?)(?=[/?#]|$)")
DOMAINS = {outlet["name"].lower(): outlet["domain"] for outlet in OUTLETS.values()}


def read(entry: str) -> tuple[str, str, float]:
    """The host of an entry, what it was, and how sure that is."""
    if "://" in entry:
        return urlsplit(entry).hostname or "", "url", 1.0
    if "." in entry and " " not in entry:
        return entry.lower(), "domain", 1.0
    return DOMAINS.get(entry.lower(), entry), "name", 0.98


def suffixes(host: str):
    labels = host.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def percentages(counts):
    total = sum(counts)
    if not total:
        return None
    exact = [count / total * 100 for count in counts]
    whole = [int(value) for value in exact]
    order = sorted(range(3), key=lambda i: whole[i] - exact[i])
    for i in order[: 100 - sum(whole)]:
        whole[i] += 1
    return dict(zip(SIDES, whole, strict=True))


def wilson(count, n):
    p = count / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def leading(counts):
    return [side for side, count in zip(SIDES, counts, strict=True) if count and count == max(counts)]


def side_index(value):
    return (value > 0.5) - (value < -0.5) + 1


def state_of(found):
    return "unknown" if not found else "rated" if found["bias"] else "unrated"


def distribution(entries, look_up, dataset):
    """``look_up(host)`` → the outlet's fields, or None."""
    counts, spectrum, outlets, first = [0, 0, 0], dict.fromkeys(LABELS, 0), [], {}
    by_rater = {rater: [0, 0, 0] for rater in dataset["raters"]}
    status = dict.fromkeys(
        ("rated", "unrated", "unknown", "ambiguous", "platform", "invalid", "duplicate"), 0
    )
    values, single = 0.0, [0, 0, 0, 0]
    for index, entry in enumerate(entries):
        host, by, confidence = read(entry)
        found = next((o for o in map(look_up, suffixes(host)) if o), None)
        key = found["domain"] if found else host
        seen = first.setdefault(key, index)
        state = state_of(found) if seen == index else "duplicate"
        status[state] += 1
        line = {"index": index, "input": entry, "status": state, "domain": None, "name": None, "match": None}
        line |= {
            "bias": None,
            "factuality": None,
            "country": None,
            "duplicate_of": seen if seen != index else None,
            "candidates": [],
        }
        if found:
            line |= {**found, "match": {"by": by, "confidence": confidence}}
        if OPINION.search(entry):
            line["section"] = "opinion"
        outlets.append(line)
        if state == "rated":
            bias = found["bias"]
            counts[SIDES.index(bias["side"])] += 1
            spectrum[bias["label"]] += 1
            values += bias["value"]
            if len(bias["ratings"]) == 1:
                single[0] += 1
                if abs(bias["value"]) <= NEAR:
                    single[SIDES.index(bias["side"]) + 1] += 1
            for rating in bias["ratings"]:
                by_rater[rating["rater"]][side_index(rating["value"])] += 1
    return answer(counts, spectrum, outlets, by_rater, status, values, single, dataset)


def chance(counts, unrated, by_rater):
    _, second, most = sorted(counts)
    if most == second:
        return 0.0
    rated = sum(counts)
    lead = (most - second - 0.5) / sqrt(0.25 + 0.2 * rated + 0.1 * unrated + (0.06 * rated) ** 2)
    likely, views = (
        round(erfc(-lead / sqrt(2)) / 2, 4),
        [each for each in by_rater.values() if sum(each) >= 5],
    )
    denied = views and not any(set(leading(each)) & set(leading(counts)) for each in views)
    return min(likely, 0.5) if denied else likely


def label_error(count, rated, unrated):
    half = 1.96 * sqrt(0.25 + 0.07 * rated + 0.05 * unrated) / rated
    return [round(max(0.0, count / rated - half), 4), round(min(1.0, count / rated + half), 4)]


def count_owners_once(counts, outlets):
    owned = Counter(
        (owner, line["bias"]["side"])
        for line in outlets
        if line["status"] == "rated" and (owner := OWNERS.get(line["domain"]))
    )
    once = list(counts)
    for (_, side), n in owned.items():
        once[SIDES.index(side)] -= n - 1
    return once, owned


def reasons_of(counts, unrated, lead, by_rater, likely, if_center, moved, once, owned):
    rated, name = sum(counts), say(lead)
    _, second, most = sorted(counts)
    views = {NAMES[rater]: each for rater, each in by_rater.items() if sum(each) >= 5}
    owners = owner_reasons(counts, lead, once, owned)
    if len(lead) > 1:
        reasons = [f"{name} tie for the lead", *owners]
    elif views and not any(set(leading(each)) & set(lead) for each in views.values()):
        told = ", ".join(f"{rater} has {say(leading(each))}" for rater, each in views.items())
        reasons = [f"no rater with 5 or more of the rated sources has {name} in front: {told}", *owners]
    else:
        reasons = owners + [
            f"{name} does not lead on {rater}{APOSTROPHE[rater[-1] == 's']} ratings alone ({sum(each)} rated)"
            for rater, each in views.items()
            if leading(each) != lead
        ]
    if unrated and most != second and most <= second + unrated:
        reasons.append(f"the {unrated} {sources(unrated)} without a rating could let another side catch up")
    if not reasons and likely < 0.95:
        reasons.append(f"{name} leads by only {most - second} of {rated} rated sources")
    if moved and lead != ["center"]:
        shown = f"{if_center['left']}% Left, {if_center['center']}% Center and {if_center['right']}% Right"
        reasons.append(
            f"{moved} {sources(moved)} near the center {is_or_are(moved)} rated by one rater only; as Center "
            f"{'it' if moved == 1 else 'they'} would make it {shown}"
        )
    rest = ", and any rating of the rest," if unrated else ""
    return reasons or [f"every rater with 5 or more rated sources{rest} gives the same leading side"]


def owner_reasons(counts, lead, once, owned):
    if leading(once) == lead:
        return []
    n, owner, side = min((-n, owner, side) for (owner, side), n in owned.items() if side in lead)
    there, others = counts[SIDES.index(side)], leading(once)
    return [
        f"{-n} of the {there} {sources(there)} {'in' if side == 'center' else 'on'} the {side.capitalize()} "
        f"{'belongs' if n == -1 else 'belong'} to {owner}; with each owner counted once "
        f"{say(others)} {'leads' if len(others) == 1 else 'tie'}"
    ]


def make_links(entries, counts, unrated):
    figures = urlencode({**counts, "unrated": unrated})
    short = sum(map(len, entries)) <= 1500
    page = f"/?outlets={quote_plus(chr(10).join(entries))}&form=list" if short else None
    return {"page": page, "bar_svg": f"/v1/bar.svg?{figures}", "bar_png": f"/v1/bar.png?{figures}"}


def say(sides):
    *first, last = [side.capitalize() for side in sides]
    return f"{', '.join(first)} and {last}" if first else last


def write_sentence(counts, unrated, lead, shown):
    rated, total = sum(counts), sum(counts) + unrated
    whom = "them" if rated < unrated else f"the {rated} rated sources"
    if len({shown[side] for side in lead}) > 1:
        told = f"{say(lead)} tie among {whom}"
    else:
        told = f"{shown[lead[0]]}% of {whom} are {lead[0].capitalize()}"
        told = " and ".join([told, *(f"{shown[side]}% are {side.capitalize()}" for side in lead[1:])])
    if rated < unrated:
        told = f"all {rated} are {say(lead)}" if rated == max(counts) else told
        return f"Only {rated} of {total} sources are rated: {told}."
    rest = (
        f"{unrated} of {total} sources {is_or_are(unrated)} not rated" if unrated else "every source is rated"
    )
    return f"{told}; {rest}."


def sources(number):
    return "source" if number == 1 else "sources"


def is_or_are(number):
    return "is" if number == 1 else "are"


def answer(counts, spectrum, outlets, by_rater, status, values, single, dataset):
    rated = sum(counts)
    unrated = len(outlets) - status["duplicate"] - rated
    total = rated + unrated
    shown, lead = percentages(counts), leading(counts)
    tie = len({shown[side] for side in lead}) > 1
    parts = [f"{shown[side]}% {side.capitalize()}" for side in lead]
    likely, moved = chance(counts, unrated, by_rater), single[1] + single[3]
    once, owned = count_owners_once(counts, outlets)
    if_center = percentages([counts[0] - single[1], counts[1] + moved, counts[2] - single[3]])
    fragile = likely < 0.8 or leading(once) != lead
    reasons = reasons_of(counts, unrated, lead, by_rater, likely, if_center, moved, once, owned)
    return {
        "headline": f"{say(lead)} tie" if tie else " and ".join(parts),
        "sentence": write_sentence(counts, unrated, lead, shown),
        "leading": lead,
        "distribution": shown,
        "counts": {
            **dict(zip(SIDES, counts, strict=True)),
            "rated": rated,
            "unrated": unrated,
            "total": total,
            "entries": len(outlets),
            "duplicates": status["duplicate"],
            "by_status": status,
            "opinion": sum("section" in line for line in outlets),
        },
        "shares": {
            "of_rated": {side: round(n / rated, 4) for side, n in zip(SIDES, counts, strict=True)},
            "of_all": {
                **{side: round(n / total, 4) for side, n in zip(SIDES, counts, strict=True)},
                "unrated": round(unrated / total, 4),
            },
        },
        "spectrum": spectrum,
        "mean": round(values / rated, 4),
        "robustness": {
            "level": "fragile" if fragile else "firm" if likely >= 0.95 and rated >= unrated else "likely",
            "probability_leading": likely,
            "reasons": reasons,
            "single_rater": {"rated": single[0], "near_center": sum(single[1:]), "if_center": if_center},
            "interval": {side: wilson(n, rated) for side, n in zip(SIDES, counts, strict=True)},
            "label_error": {
                side: label_error(n, rated, unrated) for side, n in zip(SIDES, counts, strict=True)
            },
            "owners_once": {"distribution": percentages(once), "merged": rated - sum(once)},
            "bounds": {
                side: [round(n / total, 4), round((n + unrated) / total, 4)]
                for side, n in zip(SIDES, counts, strict=True)
            },
            "by_rater": {
                rater: {"distribution": percentages(each), "rated": sum(each)}
                for rater, each in by_rater.items()
            },
        },
        "outlets": outlets,
        "dataset": dataset,
        "links": make_links(
            [line["input"] for line in outlets], dict(zip(SIDES, counts, strict=True)), unrated
        ),
    }
