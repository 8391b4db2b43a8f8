"""Prefect flows over the stages: order, retries and schedules. Everything else lives in cxnlp."""
