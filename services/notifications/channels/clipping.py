"""Fits text into what a service takes, which counts bytes; a Chinese character has three."""

from services.notifications.channels.channel import Rendered

ELLIPSIS = "…"


def clip(text: str, most_bytes: int) -> str:
    """The longest beginning that fits, never half a character; an ellipsis says it was cut."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    room = most_bytes - len(ELLIPSIS.encode())
    if room < 0:
        return ""
    return encoded[:room].decode(errors="ignore").rstrip() + ELLIPSIS


def as_text(rendered: Rendered, most_bytes: int) -> str:
    """Title, body and link; the body gives way first, the link never."""
    link = f"\n{rendered.link}" if rendered.link else ""
    room = max(most_bytes - len(link.encode()), 0)
    told = "\n".join(part for part in (rendered.title, rendered.body) if part)
    return clip(told, room) + link
