"""The pages there are, for tests that hold all of them to something."""

from tests.console.county import HOLDERS, County

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
    ("/inspections", "inspector"),
    ("/inspections/open", "inspector"),
    ("/inspections/{inspection}", "inspector"),
    ("/inspections/{inspection}/sample", "inspector"),
    ("/inspections/{inspection}/samples/20261120-3861", "inspector"),
    ("/inspections/{inspection}/examination-sheet?limit=3", "inspector"),
    ("/inspections/{inspection}/callback-sheet?limit=3", "inspector"),
    ("/inspections/{inspection}/examination?case={case}&record={talk}", "inspector"),
    ("/inspections/{inspection}/callback?case={case}&record={talk}", "inspector"),
    ("/inspections/{inspection}/changes", "inspector"),
    ("/inspections/{inspection}/minutes", "inspector"),
    ("/inspections/{inspection}/finding", "inspector"),
    ("/inspections/{inspection}/findings/{finding}", "inspector"),
    ("/inspections/{inspection}/findings/{finding}", "teacher"),
    ("/inspections/{inspection}/explanation?finding={finding}", "teacher"),
    ("/inspections/{inspection}/decision?finding={finding}", "inspector"),
    ("/inspections/{inspection}/closure", "inspector"),
    ("/findings", "inspector"),
    ("/findings", "teacher"),
    ("/backfill", "inspector"),
    ("/backfill?by=unit&limit=5", "inspector"),
    ("/backfill/{worker}", "inspector"),
    ("/flags", "inspector"),
    ("/flags", "teacher"),
    ("/flags/{worker}/{flag}", "inspector"),
    ("/flags/{worker}/{flag}", "teacher"),
    ("/flags/{worker}/{flag}", "county"),
)


def filled(path: str, county: County) -> str:
    return path.format(
        case=county.case_id,
        talk=county.talk,
        inspection=county.inspection,
        finding=county.finding,
        worker=HOLDERS["teacher"].staff,
        flag=county.flag,
    )
