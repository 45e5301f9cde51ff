"""What other services are told: messages made from events, and nothing personal in them.

`message` makes one from an entry, `data` says what it holds, `cloudevents` how it is written for
Kafka and for HTTP, `schema` and `asyncapi` describe it. Pure: the relay and the feed send it.
"""
