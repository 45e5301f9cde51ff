"""Reads the data of a message in the form its type promises."""

from typing import TypeVar

import msgspec

from services.notifications.consuming import data as d
from services.notifications.messages import Incoming, NotReadable, Traces

Form = TypeVar("Form", bound=d.Data)


def read(message: Incoming, form: type[Form]) -> Form:
    try:
        return msgspec.convert(message.data, form)
    except msgspec.ValidationError as fault:
        traces = Traces(message.stream_id, message.version, message.position, message.type)
        raise NotReadable(str(fault), traces) from None
