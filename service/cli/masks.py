"""Hide secrets in what is shown of settings: passwords, tokens and keys, wherever they turn up again."""

import re
from collections.abc import Collection, Mapping
from typing import Any

MASK = "***"

SHORTEST = 4
"""Characters from which on a secret is hidden in other texts too: a shorter one is a part of many words."""

USER = re.compile(r"//(\S*)@")
QUERY = re.compile(r"[?&#]([^\s,]+)")
ASSIGNED = re.compile(
    r"(?:pass\w*|pwd|token|secret|\w*key|auth\w*|sig\w*)\s*[=:]\s*([^&;,\s]+)", re.IGNORECASE
)
RANDOM = re.compile(r"[A-Za-z0-9_-]{32,}")
"""What a key looks like: long, with letters and digits, and no word."""

_PATH = r"[./~].*"
_HOST = r"(?:localhost|[0-9A-Fa-f.:]+|[\w-]+(?:\.[\w-]+)+)"
_ID = r"[a-z][a-z0-9_-]*"
_RATE = r"\d+\s*(?:/|per)\s*\d*\s*[a-z]+"
_ADDRESS = r"[a-z+-]+://.*"

# The form of each variable that is text. One of another form, or not named here, may hold anything.
FORMS = {
    "SLANTWISE_DATA": _PATH,
    "SLANTWISE_RATER_FILES": _PATH,
    "SLANTWISE_API_KEYS_FILE": _PATH,
    "SLANTWISE_RATERS": rf"{_ID}(?:,\s*{_ID})*",
    "SLANTWISE_WEIGHTS": rf"{_ID}=[\d.]+(?:,\s*{_ID}=[\d.]+)*",
    "SLANTWISE_CORS_ORIGINS": rf"\*|{_ADDRESS}",
    "SLANTWISE_MCP_HOSTS": rf"{_HOST}(?:,\s*{_HOST})*",
    "SLANTWISE_RATE_LIMIT": rf"{_RATE}(?:[;,|]\s*{_RATE})*",
    "SLANTWISE_RATE_LIMIT_STORAGE": _ADDRESS,
    "HOST": _HOST,
    "PROMETHEUS_MULTIPROC_DIR": _PATH,
    "OTEL_EXPORTER_OTLP_ENDPOINT": _ADDRESS,
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": _ADDRESS,
}
NAMES_RATERS = ("SLANTWISE_RATERS", "SLANTWISE_WEIGHTS")
PLAIN = re.compile(r"\d{0,12}|true|false|on|off", re.IGNORECASE)


def shown(variable: str, value: str, raters: Collection[str]) -> str:
    """Return ``value`` without its secrets. Only ids of ``raters`` are shown where raters are named."""
    form = FORMS.get(variable, PLAIN)
    if not re.fullmatch(form, value):
        return MASK
    if variable in ("SLANTWISE_RATERS", "SLANTWISE_WEIGHTS") and not set(re.findall(_ID, value)) <= set(
        raters
    ):
        return MASK
    return hidden_in(value, secrets_in(value))


def secrets_in(value: str) -> set[str]:
    """Return the parts of ``value`` that are secret: of addresses the user and the query, keys, passwords."""
    found = {part for pattern in (USER, QUERY, ASSIGNED) for part in pattern.findall(value)}
    inner = {part for each in found for part in re.split(r"[:=&]", each) if len(part) >= SHORTEST}
    keys = {run for run in RANDOM.findall(value) if re.search(r"\d", run) and re.search(r"[A-Za-z]", run)}
    return {part for part in found | inner | keys if part}


def all_secrets(variables: Mapping[str, str], raters: Collection[str]) -> set[str]:
    """Return every secret in the variables, so that none comes back in a message."""
    found = {part for value in variables.values() for part in secrets_in(value)}
    whole = {value for variable, value in variables.items() if shown(variable, value, raters) == MASK}
    return {secret for secret in found | whole if len(secret) >= SHORTEST}


def masked(value: Any, secrets: Collection[str]) -> Any:
    """Return ``value`` with every secret in its texts hidden, at any depth."""
    if isinstance(value, str):
        return hidden_in(value, secrets)
    if isinstance(value, dict):
        return {key: masked(each, secrets) for key, each in value.items()}
    return [masked(each, secrets) for each in value] if isinstance(value, list) else value


def hidden_in(text: str, secrets: Collection[str]) -> str:
    """Return ``text`` with every secret hidden, the longest first, and the user of any address."""
    text = USER.sub(f"//{MASK}@", text)
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text
