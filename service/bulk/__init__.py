"""Score tables of any size: the same answers as the API, on the engine that holds the table."""

from service.bulk.columns import Columns
from service.bulk.frames import RejectedRowsWarning, rejected, score_frame

__all__ = ["Columns", "RejectedRowsWarning", "rejected", "score_frame"]
