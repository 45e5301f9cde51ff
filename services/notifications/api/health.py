"""How the service is: for probes, and for whoever watches it."""

from psycopg import Error
from psycopg_pool import PoolTimeout

from services.notifications.state.connections import Pool

COUNTS = """
SELECT 'notices', state, count(*) FROM notifications.notices GROUP BY state
UNION ALL SELECT 'parked', class, count(*) FROM notifications.parked GROUP BY class
UNION ALL SELECT 'deliveries', channel || '",outcome="' || outcome, count(*)
    FROM notifications.deliveries GROUP BY channel, outcome
"""
LABELS = {"notices": "state", "parked": "class", "deliveries": "channel"}
HELP = {
    "notices": "Notices by state.",
    "parked": "Messages that wait for somebody to mend them.",
    "deliveries": "Attempts to deliver, by channel and outcome.",
}
AGE = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - max(received_at)), 0)
FROM notifications.inbox
"""


def is_ready(pool: Pool) -> bool:
    try:
        with pool.connection(timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except (Error, PoolTimeout):
        return False


def metrics(pool: Pool) -> str:
    """In the text format of Prometheus; codes and counts only."""
    with pool.connection() as connection:
        rows = connection.execute(COUNTS).fetchall()
        age = (connection.execute(AGE).fetchone() or (0,))[0]
    lines = [
        "# HELP notifications_last_message_seconds Since the last message was received.",
        "# TYPE notifications_last_message_seconds gauge",
        f"notifications_last_message_seconds {float(age):.1f}",
    ]
    for name, label in LABELS.items():
        lines += [f"# HELP notifications_{name} {HELP[name]}", f"# TYPE notifications_{name} gauge"]
        lines += [
            f'notifications_{name}{{{label}="{value}"}} {count}'
            for which, value, count in rows
            if which == name
        ]
    return "\n".join(lines) + "\n"
