"""What is counted of the running process; no label names a customer, a person or a place."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

ACTS = Counter(
    "baton_acts", "What people did and Slack told, and the outcome", ["word", "outcome"], registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "baton_request_seconds",
    "From an input to its acknowledgement",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
    registry=REGISTRY,
)
TURNED_AWAY = Counter(
    "baton_turned_away", "HTTP requests that never reached a listener", ["why"], registry=REGISTRY
)
CALLS = Counter(
    "baton_slack_calls", "Calls of Slack, by what they brought", ["method", "answer"], registry=REGISTRY
)
NOTICES = Counter("baton_notices", "Messages sent, by kind and answer", ["kind", "answer"], registry=REGISTRY)
BREACHES = Counter("baton_breaches", "Clocks that broke", registry=REGISTRY)
JOB_SECONDS = Histogram(
    "baton_job_seconds",
    "How long a job ran",
    ["job"],
    buckets=(0.005, 0.05, 0.5, 5, 60),
    registry=REGISTRY,
)
JOB_FAILURES = Counter("baton_job_failures", "Runs of a job that failed", ["job"], registry=REGISTRY)
LATE = Gauge("baton_late", "What was overdue at the last audit", ["what"], registry=REGISTRY)
