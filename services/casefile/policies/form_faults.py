"""What can be wrong with the form of a document, before anything is asked about its sense."""

from services.casefile.policies.faults import Wrong

TOO_BIG = Wrong("The document is larger than {limit} KiB.", "Split it into several policies.")
NOT_UTF8 = Wrong("The document is not UTF-8 text.", "Save it as UTF-8, without a password.")
SYNTAX = Wrong(
    "This is not YAML: {why}.",
    "Check the indentation, and look for tabs and full-width signs such as ： and ，.",
)
ALIAS = Wrong("Anchors and aliases (& and *) are not used here.", "Write it out at each place.")
TAG = Wrong("Tags (!) are not used here.", "Remove the tag, and write the plain value.")
SEVERAL = Wrong("There are several documents in one file.", "Keep one policy for each file.")
TOO_DEEP = Wrong("This is nested too deeply.", "Compare it with an example of docs/policies.md.")
EMPTY = Wrong("There is no policy here.", "Begin with `policy:`, `version:` and `title:`.")
NOT_A_NAME = Wrong("This is not a name of a field.", "Write `name: value`.")
TWICE = Wrong("{name} is written twice.", "Keep one of the two.")

UNKNOWN_FIELD = Wrong(
    "There is no field {name} here.", "Remove it, or use one of these: {choices}."
)
MISSPELT_FIELD = Wrong("There is no field {name} here.", "Did you mean {like}?")
MISSING_FIELD = Wrong("The field {name} is missing.", "Add it: {name}: {example}.")
NO_SHAPE = Wrong(
    "It does not say which shape its windows have.", "Add `shape:`, one of these: {choices}."
)
NOT_A_GROUP = Wrong("Here a group of fields is wanted.", "Write it like {example}.")
NOT_A_LIST = Wrong("Here a list is wanted.", "Write it in brackets: {example}.")
NOT_A_TEXT = Wrong("Here a text is wanted.", "Write it like {example}; put digits in quotes.")
NOT_WHOLE = Wrong("Here a whole number is wanted.", "Write digits only, without quotes or unit.")
NOT_YES_OR_NO = Wrong("Here yes or no is wanted.", "Write true or false.")
NOT_A_DATE = Wrong("This is not a possible date.", "Write it like 2026-09-01.")
NOT_A_CODE = Wrong("{value} is not one of the codes.", "Write one of these: {choices}.")
MISSPELT_CODE = Wrong("{value} is not one of the codes.", "Did you mean {like}?")
NOT_IN_FORM = Wrong("This does not have the form of {name}.", "Write it like {example}.")
NUMBER_OF_SOMEBODY = Wrong(
    "This is longer than one line, or has a phone or ID number in it.",
    "Write one line, without the number of a person.",
)
TOO_SMALL = Wrong("This is smaller than {limit}.", "Write a number of at least {limit}.")
TOO_LARGE = Wrong("This is larger than {limit}.", "Write a number of at most {limit}.")
TOO_FEW = Wrong("This is empty.", "Write something, or remove the field.")
TOO_LONG = Wrong("This is longer than {limit}.", "Shorten it.")
WRONG = Wrong("This cannot be right here.", "Compare it with docs/policies.md.")

FORM = {name: value for name, value in globals().items() if isinstance(value, Wrong)}
