"""What can be wrong with the sense of a policy that has the right form."""

from services.casefile.policies.faults import Wrong

UNKNOWN_KIND = Wrong("There is no kind of record {value}.", "List the kinds with GET /v1/kinds.")
MISSPELT_KIND = Wrong("There is no kind of record {value}.", "Did you mean {like}?")
OTHER_STREAM = Wrong(
    "{value} is not a record of a {subject}.", "Name a kind that is recorded for a {subject}."
)
NO_PROOF = Wrong(
    "{value} is not something that people do and record.", "Name what has to be done instead."
)
NO_TRIGGER = Wrong("{value} cannot start a window.", "Name a record that people make.")
UNKNOWN_ROLE = Wrong("There is no role {value}.", "Write one of these: {choices}.")
MISSPELT_ROLE = Wrong("There is no role {value}.", "Did you mean {like}?")
LACKS_FIELD = Wrong(
    "{kind} has no field {name}, so it would never count.",
    "Leave out {name}, or make a rule of its own for {kind}.",
)
NEVER_WANTED = Wrong("{kind} never has {value} in {name}.", "Write one of these: {choices}.")
PRESENT_ONLY = Wrong("{name} of {kind} cannot be compared.", "Write `present`, or leave it out.")
NOTHING_WANTED = Wrong("It asks for nothing.", "Name a value, several values, or `present`.")
NAMED_TWICE = Wrong("{value} is named twice.", "Keep one of the two.")

SAME_CODE = Wrong("Another rule has the code {value}.", "Give each rule a code of its own.")
SAME_RULE = Wrong(
    "It asks the same as the rule {value}.", "Remove one of the two, or make them differ."
)
NO_ROLE = Wrong(
    "It does not say whose duty it is.", "Add `role:`, the staff role that is accountable."
)
PARENTS_ROLE = Wrong(
    "What parents owe is not the duty of a staff role.", "Remove `role:`, or `obligor: parent`."
)
PARENTS_SUBJECT = Wrong(
    "Parents owe for a child only.", "Write `subject: case`, or remove `obligor: parent`."
)
NOBODY_ASSIGNED = Wrong(
    "`assigned` means whoever has `role` for a child, and here is none.",
    "Name the performers by their roles.",
)
NO_QUOTA = Wrong("A rule for workers says how many children it wants.", "Add `distinct_children:`.")
NOT_A_QUOTA = Wrong(
    "Only a rule for workers counts different children.",
    "Write `subject: worker`, or `least:` instead.",
)
QUOTA_ONLY = Wrong(
    "A rule for workers counts children, not times.", "Remove {name}; `distinct_children` says it."
)
QUOTA_SHAPE = Wrong(
    "What workers owe is counted by calendar windows only.",
    "Write `shape: {{shape: calendar, every: iso_week}}` or the like.",
)
UNITS_LEVEL = Wrong("A unit has no level.", "Write a calendar shape, or `subject: case`.")
NOT_OF_UNITS = Wrong("A unit has no {name}.", "Remove it; of units only `unit_kind` can be named.")
ONLY_OF_UNITS = Wrong("A child has no kind of unit.", "Remove it, or write `subject: unit`.")
NO_REASON = Wrong(
    "A rule that nobody may waive says why.", "Add `note:` with the rule of law it comes from."
)

NO_TIME = Wrong(
    "The window has no length.",
    "Add exactly one of `within_days`, `within_working_days`, `within_hours`, at least 1.",
)
TWO_TIMES = Wrong("The window has two lengths.", "Keep one of the `within_` fields.")
NO_DAYS = Wrong("The window has no length.", "Add `before:` or `after:` with a number of days.")
NO_SUCH_DAY = Wrong("There is no such day.", "Check the month and the day.")
LEAP_DAY = Wrong("This day comes every four years only.", "Write 02-28 or 03-01.")
UNKNOWN_LEVEL = Wrong("There is no {level} level {value}.", "Write one of these: {choices}.")
NO_LEVEL = Wrong("It names no level.", "Name at least one of these: {choices}.")
LEVEL_LEFT_OUT = Wrong(
    "`applies` leaves out the level {value}, so this never holds.",
    "Remove it here, or add it to `applies`.",
)
LEVEL_WITHOUT_WINDOW = Wrong(
    "`applies` names the level {value}, and `every` has no window for it.",
    "Add it to `every`, or remove it from `applies`.",
)
NOT_RAISED = Wrong("{value} has no level that could rise.", "Remove `raised`, or name risk.")
TOO_MANY = Wrong(
    "{least} times with {gap} days between do not fit into a window of {days} days.",
    "Make `least` or `gap_days` smaller, or the window longer.",
)
NO_TERMS = Wrong(
    "`terms_only` does not hold for this shape.", "Remove it, or take calendar windows."
)
HOURS_ONLY = Wrong(
    "Hours run on through days off.",
    "Remove `roll` and `working_days`, or write `within_working_days`.",
)
ENDS_ITSELF = Wrong(
    "{value} starts the window and would at once be its proof.", "Name another kind in `kinds`."
)
NEVER = Wrong(
    "By this shape no window ever comes to judgement.",
    "Check its days against the terms and against `effective_from`.",
)

OLD_VERSION = Wrong(
    "Version {version} of this policy is adopted already, and this one is not newer.",
    "Write version {next}.",
)
OVERLAPS = Wrong(
    "Version {version} holds from {day}, and this one would not begin later.",
    "Write a later day in `effective_from`.",
)
UNKNOWN_CALENDAR = Wrong(
    "There is no calendar {value} with terms.", "Load its terms first, or name another calendar."
)
NO_TERM = Wrong(
    "The calendar has no term on {day} or later.", "Load the terms of that school year first."
)
LATE_TERMS = Wrong(
    "The calendar begins {day}, after the policy.",
    "Load the earlier terms, or let the policy begin later.",
)
HOLE = Wrong(
    "The calendar has a hole between {since} and {until}.", "Load the terms in between first."
)
NOBODY = Wrong(
    "No child on the roster is one that this rule is for.",
    "Check `applies`, or remove the rule.",
)

SENSE = {name: value for name, value in globals().items() if isinstance(value, Wrong)}
