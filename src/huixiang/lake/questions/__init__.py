"""What can be asked of the voices? Each question is one function that returns small typed values.

Written with Ibis, so that DuckDB and Spark run the same expressions; nothing above this package sees SQL or a frame.
"""

from huixiang.lake.questions.again import newest_normals, to_read_again
from huixiang.lake.questions.arrivals import Known, Lookalike, known, lookalikes
from huixiang.lake.questions.counting import (
    Count,
    Ratings,
    Words,
    aspects,
    count,
    distinct,
    mentions,
    ratings,
    shares,
    span,
    volume,
    words,
)
from huixiang.lake.questions.days import DayCount, topic_days
from huixiang.lake.questions.dialogues import SpokenTurn, dialogue
from huixiang.lake.questions.evidence import AnyOf, Evidence, Rule
from huixiang.lake.questions.hotline import (
    CallPage,
    CallRow,
    CallSlice,
    Repeats,
    Tally,
    call_page,
    call_span,
    calls_of,
    known_calls,
    queues,
    repeats,
    stays_of,
    tally,
)
from huixiang.lake.questions.paging import Cursor, Page, page
from huixiang.lake.questions.portraits import Part, UnitPart, by_branch, portrait
from huixiang.lake.questions.reading import (
    Glimpse,
    Spoken,
    Voice,
    chosen,
    history,
    similar,
    spoken,
    stream,
    voice,
    worst,
)
from huixiang.lake.questions.readings import (
    Gained,
    Moved,
    changed_by,
    count_of_month,
    gains,
    kept_readings,
    moved_voices,
    moves,
)
from huixiang.lake.questions.samples import Candidate, candidates, labellable
from huixiang.lake.questions.slices import Slice
from huixiang.lake.questions.speakers import said_by, speaker
from huixiang.lake.questions.suggesting import Matters, kinds_of, words_of
from huixiang.lake.questions.weighing import tallies

__all__ = [
    "AnyOf",
    "CallPage",
    "CallRow",
    "CallSlice",
    "Candidate",
    "Count",
    "Cursor",
    "DayCount",
    "Evidence",
    "Gained",
    "Glimpse",
    "Known",
    "Lookalike",
    "Matters",
    "Moved",
    "Page",
    "Part",
    "Ratings",
    "Repeats",
    "Rule",
    "Slice",
    "Spoken",
    "SpokenTurn",
    "Tally",
    "UnitPart",
    "Voice",
    "Words",
    "aspects",
    "by_branch",
    "call_page",
    "call_span",
    "calls_of",
    "candidates",
    "changed_by",
    "chosen",
    "count",
    "count_of_month",
    "dialogue",
    "distinct",
    "gains",
    "history",
    "kept_readings",
    "kinds_of",
    "known",
    "known_calls",
    "labellable",
    "lookalikes",
    "mentions",
    "moved_voices",
    "moves",
    "newest_normals",
    "page",
    "portrait",
    "queues",
    "ratings",
    "repeats",
    "said_by",
    "shares",
    "similar",
    "span",
    "speaker",
    "spoken",
    "stays_of",
    "stream",
    "tallies",
    "tally",
    "to_read_again",
    "topic_days",
    "voice",
    "volume",
    "words",
    "words_of",
    "worst",
]
