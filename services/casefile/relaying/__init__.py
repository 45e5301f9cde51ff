"""The relay: publishes the log to Kafka, every message once and in order, whatever happens to it.

A transaction of Kafka is all or nothing, only the latest relay can commit one, and where to go on is
read from the topic itself. So there is nothing to keep in step, and nothing to lose. `relay` is the
loop; `kafka_publisher` and what it is made of (`transaction`, `coordinator`, `tail`, `hanging`) are
all that knows the client library.
"""
