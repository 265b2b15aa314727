"""Which facts are kept, and in which columns? Arrow schemas of the lake's tables."""

from __future__ import annotations

import pyarrow as pa

UTC = pa.timestamp("us", tz="UTC")

# One row a voice, its latest version. Partition: month; inside a month the newest first.
VOICES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.feedback.Record.voice_id: a keyed hash
        pa.field("version", pa.int32(), nullable=False),  # 1, then +1 each time the source changes it
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),  # masked; "" where the source gives none
        pa.field("said_at", UTC, nullable=False),  # of unknown precision: the moment of receipt
        pa.field("said_on", pa.date32(), nullable=False),  # the day in the bank's time zone
        pa.field("said_precision", pa.string(), nullable=False),
        pa.field("month", pa.string(), nullable=False),  # "2026-11", of said_on; the partition
        pa.field("received_at", UTC, nullable=False),
        pa.field("branch", pa.string()),  # unit code; null = the whole bank
        pa.field("product", pa.string(), nullable=False),
        pa.field("product_version", pa.string(), nullable=False),
        pa.field("rating", pa.float32()),  # 1..5
        pa.field("title", pa.string(), nullable=False),  # masked, as all text below
        pa.field("text", pa.string(), nullable=False),
        pa.field("reply", pa.string(), nullable=False),
        pa.field("searchable", pa.string(), nullable=False),  # title and text, normalised: what search reads
        pa.field("attachments", pa.list_(pa.string()), nullable=False),
        pa.field("extra", pa.string(), nullable=False),  # JSON of the source's other columns, masked
        pa.field("sentiment", pa.string(), nullable=False),  # negative, neutral, positive
        pa.field("negative", pa.float32(), nullable=False),  # probabilities
        pa.field("neutral", pa.float32(), nullable=False),
        pa.field("positive", pa.float32(), nullable=False),
        pa.field("understood_by", pa.string(), nullable=False),  # "rules-3", or "person" once corrected
        pa.field("words", pa.list_(pa.string()), nullable=False),
        pa.field("phrases", pa.list_(pa.string()), nullable=False),
        pa.field("kind", pa.string()),  # one of domain.understanding.contract.KINDS; null: not read yet
        pa.field("topics", pa.list_(pa.string())),  # codes of the taxonomy, the most probable first
        pa.field("risks", pa.list_(pa.string())),  # codes of the risk book, the most urgent first
        pa.field("aspects", pa.list_(pa.string())),  # "利率\tnegative": each aspect spoken of, and how
        pa.field("findings", pa.string()),  # JSON: how probable all that is, and the words that decided
        pa.field("bands", pa.list_(pa.int64()), nullable=False),  # MinHash band keys
        pa.field("duplicate_of", pa.string()),  # id of the first voice that says the same
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
        pa.field("platform", pa.string()),  # the app store, or other people's website; masked
        pa.field("replied_at", UTC),  # when `reply` was given, where the source tells
        pa.field("about", pa.string()),  # "rivals": it speaks of other banks alone, and counts nowhere else
        pa.field("tier", pa.string()),  # of the customer: a code of domain.tiers; null: unknown
    ]
)

# Former versions of voices that the source changed, same columns.
PAST_VOICES = VOICES

# Who spoke, kept apart from what was said: only a keyed pseudonym, never an identity.
SPEAKERS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # voice id
        pa.field("version", pa.int32(), nullable=False),
        pa.field("pseudonym", pa.string(), nullable=False),  # HMAC-SHA256 under the masking key, 32 hex digits
        pa.field("month", pa.string(), nullable=False),
    ]
)

# How a voice was understood before it was read again: what a new model changed can be looked at afterwards.
READINGS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # voice id
        pa.field("version", pa.int32(), nullable=False),
        pa.field("month", pa.string(), nullable=False),
        pa.field("rereading", pa.string(), nullable=False),  # which reading took its place
        *(VOICES.field(name) for name in ("understood_by", "sentiment", "negative", "neutral", "positive")),
        *(VOICES.field(name) for name in ("kind", "topics", "risks")),
        pa.field("read_at", UTC, nullable=False),  # when the later reading took its place
    ]
)

# What was said on the line, turn by turn: the agent's words beside the customer's, which alone are the voice.
TURNS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # voice id of the call's transcript; one row a turn
        pa.field("number", pa.int32(), nullable=False),  # from 1, in the order of the transcript
        pa.field("side", pa.string(), nullable=False),  # domain.feedback.Side
        pa.field("start", pa.float32()),  # seconds from the beginning of the recording
        pa.field("end", pa.float32()),
        pa.field("staff", pa.string(), nullable=False),  # the agent's number, masked; "" for others
        pa.field("text", pa.string(), nullable=False),  # masked
        pa.field("month", pa.string(), nullable=False),  # of the voice
    ]
)

# One row a stay of a call in a queue.
CALLS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.hotline.Stay.voice_id: a keyed hash
        pa.field("voice", pa.string(), nullable=False),  # which call: the id that its transcript has as a voice
        pa.field("call_id", pa.string(), nullable=False),  # as the exchange writes it, masked
        pa.field("queue", pa.string(), nullable=False),
        pa.field("caller", pa.string()),  # keyed pseudonym of the telephone
        pa.field("customer", pa.string()),  # keyed pseudonym of the bank's number of the customer
        pa.field("entered_at", UTC, nullable=False),
        pa.field("entered_on", pa.date32(), nullable=False),  # in the bank's time zone, as the hour
        pa.field("hour", pa.int8(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),  # domain.hotline.Outcome
        pa.field("wait_seconds", pa.int32()),
        pa.field("talk_seconds", pa.int32()),
        pa.field("hold_seconds", pa.int32()),
        pa.field("agent", pa.string(), nullable=False),  # staff number as the exchange writes it, masked
        pa.field("transfer", pa.string(), nullable=False),  # domain.hotline.Transfer
        pa.field("transferred_to", pa.string(), nullable=False),  # queue or extension, masked
        pa.field("rings_unanswered", pa.int32(), nullable=False),
        pa.field("continues", pa.bool_(), nullable=False),  # an agent asks for a caller who was answered before
        pa.field("is_whole", pa.bool_(), nullable=False),  # False: reckoned back, its beginning was not read
        pa.field("sources", pa.string(), nullable=False),  # "queue_log", "records", or both with a comma
        pa.field("month", pa.string(), nullable=False),  # of entered_on
        pa.field("import_id", pa.string(), nullable=False),  # which told it last
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# One row a ticket of a branch's queue. Its moments are told as seconds since the one before: small, and quick to count.
TICKETS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.waiting.Ticket.voice_id: the day and a keyed hash
        pa.field("branch", pa.string(), nullable=False),
        pa.field("kiosk_number", pa.string(), nullable=False),  # as printed; it is another's the next day
        pa.field("service", pa.string(), nullable=False),
        pa.field("lane", pa.string(), nullable=False),
        pa.field("customer", pa.binary()),  # keyed pseudonym, 16 bytes; null: nobody known
        pa.field("arrived_at", UTC, nullable=False),
        pa.field("arrived_on", pa.date32(), nullable=False),  # at the branch, as the hour
        pa.field("hour", pa.int8(), nullable=False),
        pa.field("left", pa.bool_(), nullable=False),  # gave up before being called
        pa.field("wait_seconds", pa.int32()),  # until called, or until leaving; null: not told
        pa.field("start_seconds", pa.int32()),  # from the call to the counter
        pa.field("service_seconds", pa.int32()),
        pa.field("counter", pa.string(), nullable=False),
        pa.field("teller", pa.string(), nullable=False),  # staff number as the kiosk's system writes it
        pa.field("month", pa.string(), nullable=False),  # of arrived_on
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# One row a try of a step on the screen. `session` is a keyed hash: it tells which rows belong together, and no more.
CLICKS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.digital.Click.voice_id: the day and a keyed hash
        pa.field("session", pa.int64(), nullable=False),
        pa.field("customer", pa.binary()),  # keyed pseudonym, 16 bytes; null: nobody known
        pa.field("branch", pa.string()),
        pa.field("used_at", UTC, nullable=False),
        pa.field("used_on", pa.date32(), nullable=False),  # by the bank's clock, as the hour
        pa.field("hour", pa.int8(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("device", pa.string(), nullable=False),
        pa.field("version", pa.string(), nullable=False),
        pa.field("service", pa.string(), nullable=False),
        pa.field("step", pa.string(), nullable=False),
        pa.field("ok", pa.bool_(), nullable=False),
        pa.field("done", pa.bool_(), nullable=False),  # with this the errand was done
        pa.field("code", pa.string(), nullable=False),  # of a failure
        pa.field("meaning", pa.string(), nullable=False),
        pa.field("milliseconds", pa.int32()),
        pa.field("weight", pa.float32(), nullable=False),  # for so many sessions it stands
        pa.field("month", pa.string(), nullable=False),  # of used_on
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# One row an incident of a system, or of a machine of a branch.
DOWNTIMES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.digital.Downtime.voice_id
        pa.field("kind", pa.string(), nullable=False),  # "system" or "device"
        pa.field("name", pa.string(), nullable=False),
        pa.field("branch", pa.string()),
        pa.field("began_at", UTC, nullable=False),
        pa.field("began_on", pa.date32(), nullable=False),
        pa.field("ended_at", UTC),  # null: not over yet
        pa.field("planned", pa.bool_(), nullable=False),
        pa.field("share", pa.float32()),  # of the tries that failed; null: not told
        pa.field("reason", pa.string(), nullable=False),  # masked
        pa.field("number", pa.string(), nullable=False),
        pa.field("month", pa.string(), nullable=False),  # of began_on
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# What the bank's list tells of each customer: enough to see who comes to the counter, and no more.
CUSTOMERS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # domain.digital.KnownCustomer.voice_id
        pa.field("customer", pa.binary()),  # keyed pseudonym, 16 bytes; null: only counted
        pa.field("branch", pa.string()),
        pa.field("band", pa.string(), nullable=False),  # of age: domain.digital.BANDS
        pa.field("tier", pa.string(), nullable=False),  # as the source calls it
        pa.field("month", pa.string(), nullable=False),  # in which the list came last
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# One row a post of social media, its latest version: a voice's reach, and reposts without a word, which are no voices.
POSTS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # the id that the post has, or would have, as a voice
        pa.field("version", pa.int32(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),  # masked
        pa.field("parent", pa.string()),  # id of the post that it passes on, which need not be here
        pa.field("is_voice", pa.bool_(), nullable=False),
        pa.field("author", pa.string()),  # keyed pseudonym
        pa.field("followers", pa.int64()),  # these four as the platform counted them; null: not told
        pa.field("reposts", pa.int64()),
        pa.field("comments", pa.int64()),
        pa.field("likes", pa.int64()),
        pa.field("hands", pa.int32(), nullable=False),  # through how many named hands it came, by its text
        pa.field("url", pa.string(), nullable=False),  # without what tells who wrote it
        pa.field("said_at", UTC, nullable=False),
        pa.field("said_on", pa.date32(), nullable=False),
        pa.field("branch", pa.string()),
        pa.field("month", pa.string(), nullable=False),
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
    ]
)

# One row a questionnaire that somebody filled in. Of an anonymous survey nothing here tells who or when: no pseudonym,
# and as the day the Monday of its week.
RESPONSES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # a keyed hash; in an anonymous survey no row knows it
        pa.field("survey", pa.string(), nullable=False),  # the survey's slug
        pa.field("version", pa.int32(), nullable=False),  # of its questionnaire
        pa.field("unit", pa.string()),  # unit code; null: the whole bank
        pa.field("tier", pa.string(), nullable=False),
        pa.field("stratum", pa.string(), nullable=False),  # of the sample's design; "" where nobody was drawn
        pa.field("weight", pa.float64(), nullable=False),  # inverse of the probability of being asked
        pa.field("language", pa.string(), nullable=False),
        pa.field("via", pa.string(), nullable=False),  # invitation, qr, link or file
        pa.field("answered_on", pa.date32(), nullable=False),  # in the bank's time zone
        pa.field("seconds", pa.int32()),
        pa.field("marks", pa.list_(pa.string()), nullable=False),  # domain.surveys.trust
        pa.field("is_marked", pa.bool_(), nullable=False),  # some mark: counted or not, as the reader chooses
        pa.field("import_id", pa.string(), nullable=False),
        pa.field("import_row", pa.int64(), nullable=False),
        pa.field("arrival", pa.int64()),  # greater than of all that came before; the same for what came at once
        pa.field("month", pa.string(), nullable=False),  # of answered_on
    ]
)

# What was answered, one row an item: a question, a row of a matrix, a choice among several. Columns of the response
# stand here again, so that millions are counted without joining. Words are not here: they are voices, masked.
ANSWERS = pa.schema(
    [
        RESPONSES.field("id"),  # of the response
        RESPONSES.field("survey"),
        pa.field("question", pa.string(), nullable=False),  # "q:choice" holds the words beside an open choice
        pa.field("item", pa.string(), nullable=False),  # row of a matrix; choice of several, or of a rank; else ""
        pa.field("code", pa.string(), nullable=False),  # the choice; of a date the day, in anonymous surveys the month
        pa.field("value", pa.float32()),  # points of a scale, place in a rank, 1 or 0: chosen among several or not
        pa.field("voice", pa.string()),  # the voice that tells what was written
        *(RESPONSES.field(name) for name in ("version", "unit", "tier", "stratum", "weight", "answered_on")),
        *(RESPONSES.field(name) for name in ("is_marked", "month")),
    ]
)

TABLES = {
    "voices": VOICES,
    "past_voices": PAST_VOICES,
    "speakers": SPEAKERS,
    "readings": READINGS,
    "turns": TURNS,
    "calls": CALLS,
    "tickets": TICKETS,
    "clicks": CLICKS,
    "downtimes": DOWNTIMES,
    "customers": CUSTOMERS,
    "posts": POSTS,
    "responses": RESPONSES,
    "answers": ANSWERS,
}
MANY_AN_ID = frozenset({"turns", "answers"})  # an id has several rows, all of which come and go together

PARTITION = "month"
FIGURE = "figure"  # in understood_by: its time is over, and it is only counted; see lake/expiring.py
PERSON = "person"  # in understood_by: somebody judged the feeling, and outranks every model
# Most pages ask for the newest: they then lie together in one small group of rows, and the others are left unread.
ORDER = {
    "voices": (("said_at", "descending"), ("id", "descending")),
    "past_voices": (("id", "ascending"), ("version", "ascending")),
    "speakers": (("id", "ascending"), ("version", "ascending")),
    "readings": (("id", "ascending"), ("read_at", "ascending")),
    "turns": (("id", "ascending"), ("number", "ascending")),
    "calls": (("entered_at", "ascending"), ("id", "ascending")),
    # What lies side by side is asked together: a branch's day. Whoever lands them has put them into this order.
    "tickets": (("arrived_on", "ascending"), ("branch", "ascending"), ("arrived_at", "ascending"), ("id", "ascending")),
    # A session lies together: it is counted as one.
    "clicks": (("used_on", "ascending"), ("session", "ascending"), ("used_at", "ascending"), ("id", "ascending")),
    "downtimes": (("began_at", "ascending"), ("id", "ascending")),
    "customers": (("id", "ascending"),),
    "posts": (("said_at", "ascending"), ("id", "ascending")),
    # By their ids, which are hashes: the order of the rows tells nothing of the order in which people answered.
    "responses": (("survey", "ascending"), ("id", "ascending")),
    "answers": (("survey", "ascending"), ("question", "ascending"), ("id", "ascending"), ("item", "ascending")),
}
# Of these the log keeps each file's least and greatest value. Of every column, as by default, it would quote the texts.
MEASURED = (
    *("id", "said_at", "said_on", "branch", "entered_at", "entered_on", "arrived_on", "survey", "answered_on"),
    "used_on",
)
DAYS = {
    "tickets": "arrived_on",
    "clicks": "used_on",
}  # tables of which something is counted day by day, and by which column
TEXTS = (
    "title",
    "text",
    "reply",
    "searchable",
    "extra",
    "source_id",
    "findings",
    "call_id",
    "agent",
    "staff",
    "transferred_to",
    "url",
)
# Values that hardly repeat: a dictionary would be as long as they are, and lengths apart are quick to skip.
EACH_ITS_OWN = ("id", "content_hash", "source_id", "text", "searchable", "findings")
# Facts by the hundred million, which are counted and seldom looked up one by one: large groups, and numbers that are
# told by their differences.
BULK = frozenset({"tickets", "clicks"})
BULK_GROUP = 122_880
BULK_PIECE = 8 * BULK_GROUP
BULK_ENCODINGS = {"id": "DELTA_BYTE_ARRAY", "customer": "DELTA_LENGTH_BYTE_ARRAY"} | dict.fromkeys(
    (
        "arrived_at",
        "import_row",
        "wait_seconds",
        "start_seconds",
        "service_seconds",
        "session",
        "used_at",
        "milliseconds",
    ),
    "DELTA_BINARY_PACKED",
)
GROUP = 4_096  # rows that are read or skipped together: for one voice far down a whole group is opened
# What a reader or writer holds at least, of long letters a few hundred rows.
PIECE_BYTES, PIECE_ROWS = 32 * 2**20, 100_000


def inside(schema: pa.Schema) -> pa.Schema:
    """The columns as they stand in the files. The partition stands in their paths."""
    return schema.remove(schema.get_field_index(PARTITION))


def plain(text: str) -> str:
    """Text as it may stand between quotes in SQL."""
    return text.replace("'", "''")
