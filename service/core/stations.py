"""Names of North American stations: a call sign (WFAA, KYTX), alone or with its network, channel and kind."""

import re

_CALL = re.compile(r"[wk][a-z]{2,3}")
_LISTED = re.compile(r"^([WK][A-Z]{2,3})(?:/([WK][A-Z]{2,3}))?(?![A-Za-z.'’])|\s-\s([WK][A-Z]{2,3})(?:-TV)?$")

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
    return [call for groups in _LISTED.findall(name.replace("\\", "/")) for call in groups if call]


def call_sign_of(key: str) -> str | None:
    """The call sign in a normal form that says nothing else but network, channel and kind: "wfaa 8abc".

    >>> call_sign_of("wfaa 8abc"), call_sign_of("who dt"), call_sign_of("who is who")
    ('wfaa', 'who', None)
    """
    if key[:1] not in ("w", "k") and " w" not in key and " k" not in key:
        return None
    words = key.split()
    calls = [word for word in words[:1] + words[-1:] if _CALL.fullmatch(word) and word not in _SAID_WITH]
    if len(words) < 2 or not calls:
        return None
    words.remove(calls[0])
    said = all(word in _SAID_WITH or _BRANDED.fullmatch(word) for word in words)
    return calls[0] if said else None
