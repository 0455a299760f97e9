"""Signatures of Standard Webhooks (https://www.standardwebhooks.com): who has sent a message, and when."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

_PREFIX: Final = "whsec_"
_TOLERANCE_SECONDS: Final = 300
"""How far the clocks of sender and receiver may be apart; an older message may be one that somebody sends again."""


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return what the header `webhook-signature` says of a message, like "v1,K5oZ…"."""
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    return f"v1,{base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()}"


def is_signed(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Return whether one of the signatures among the headers is right, and the message not too old at `now`."""
    try:
        timestamp = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        return False
    if abs(now - timestamp) > _TOLERANCE_SECONDS:
        return False
    right = signature(secret, headers.get("webhook-id", ""), timestamp, body).encode()
    given = headers.get("webhook-signature", "").encode("utf-8", "surrogateescape").split(b" ")
    return any(hmac.compare_digest(each, right) for each in given)


def _key(secret: str) -> bytes:
    """Return the key: what follows `whsec_` is base64; any other secret is taken as it is."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
