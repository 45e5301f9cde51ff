"""The pages there are, for tests that hold all of them to something."""

from tests.console.county import County

# Each with the role that sees most of it. `{case}`, `{talk}`: the file and the record of the county.
PAGES = (
    ("/login", None),
    ("/", "inspector"),
    ("/", "teacher"),
    ("/roster", "inspector"),
    ("/roster?status=open&limit=5", "inspector"),
    ("/find", "inspector"),
    ("/cases/{case}", "inspector"),
    ("/cases/{case}/timeline", "inspector"),
    ("/cases/{case}/timeline?kind=talk&as_of=2020-01-01", "inspector"),
    ("/cases/{case}/obligations", "inspector"),
    ("/cases/{case}/funding", "inspector"),
    ("/cases/{case}/diff", "inspector"),
    ("/cases/{case}/records/{talk}", "inspector"),
)


def filled(path: str, county: County) -> str:
    return path.format(case=county.case_id, talk=county.talk)
