"""Reads CSV, XLSX, JSON Lines and Parquet files into records, row by row."""

from cxnlp.sources.opening import open_source
from cxnlp.sources.source import Source

__all__ = ["Source", "open_source"]
