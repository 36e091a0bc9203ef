"""Columns of the week's sums, by name (int64; seconds, counts of attendances, metres)."""

from __future__ import annotations

# Of a user's block.
DUE, AGREED, LIVED, MADE, MADE_AGREED, LATE, HURRIED, N_SHORT, N_CLIPPED, N_CANCELLED, N_MISSED, STRANGERS, \
    SUITED, OFF_TIME, NEEDED, MET, PRACTICE, TALK, N_FULL, N_MOVED, LATE_SECONDS = range(21)
NEED_PART = 21
MET_PART = 25
BANDED, SHORT_CALLS = 29, 30
"""Seconds paid in whole bands, and visits made that the tariff calls short."""
USER_COLUMNS = 31

# Of a worker.
CONTACT, TRAVEL, WAITING, SPAN, WORKER_VISITS, WORKER_HURRIED, METRES, CONTACT_PLANNED, SHORT_NOTICE, \
    ACTUAL_PAID, WORKER_LATE = range(11)
WORKER_COLUMNS = 11
