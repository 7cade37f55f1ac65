"""Names of North American stations: a call sign (WFAA, KYTX), alone or with its network, channel and kind."""

import re

_CALL = re.compile(r"[wk][a-z]{2,3}")
_LISTED = re.compile(
    r"^([WK][A-Z]{2,3})(?:[-/\\ ](?:TV|DT|FM|AM|LD|CD)\b)?(?=\s*$|\s+-\s|[/\\]|\s\d|\s(?:News|TV|\()(?!\w))"
)
_SECOND = re.compile(r"^[WK][A-Z]{2,3}[/\\]([WK][A-Z]{2,3})\b")
_AFTER = re.compile(r"\s-\s([WK][A-Z]{2,3})(?:-TV)?$")

_KINDS = """
tv dt ld cd am fm hd news newschannel channel local live now today first alert eyewitness action team your
the abc nbc cbs fox cw pbs npr mynetworktv my ion univision telemundo radio station television public on
side and
"""
_SAID_WITH = frozenset(_KINDS.split())
_BRANDED = re.compile(
    r"\d{1,4}(?:abc|nbc|cbs|fox|cw|news|tv|am|fm)?|(?:abc|nbc|cbs|fox|cw|news|tv|am|fm)\d{1,4}"
)


def call_signs(name: str) -> list[str]:
    """The call signs that a listed name such as ``KHBS/KHOG - Fort Smith News`` opens or closes with.

    >>> call_signs("KHBS/KHOG - Fort Smith News"), call_signs("NBC Los Angeles - KNBC"), call_signs("WIRED")
    (['KHBS', 'KHOG'], ['KNBC'], [])
    """
    return [found[1] for form in (_LISTED, _SECOND, _AFTER) if (found := form.search(name))]


def call_sign_of(key: str) -> str | None:
    """The call sign in a normal form that says nothing else but network, channel and kind: "wfaa 8abc".

    >>> call_sign_of("wfaa 8abc"), call_sign_of("who dt"), call_sign_of("who is who")
    ('wfaa', 'who', None)
    """
    first, space, rest = key.partition(" ")
    if not space or not _CALL.fullmatch(first):
        return None
    said = all(word in _SAID_WITH or _BRANDED.fullmatch(word) for word in rest.split())
    return first if said else None
