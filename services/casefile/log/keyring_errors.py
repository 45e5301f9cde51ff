"""What the keyring refuses or cannot do.

CasefileError
├── KeyringUnavailable   the keyring, or the keys above it, do not answer now (HTTP 503)
│   ├── KekUnavailable
│   │   ├── EpochUnknown
│   │   └── SecretFileUnsafe
│   └── RotationUnderWay
├── KeyErased            the subject's key was destroyed on purpose (HTTP 409)
└── KeyTampered          a key is not the one that was provisioned
"""

from pathlib import Path
from uuid import UUID

from services.casefile.domain.refusals import CasefileError, Refused


class KeyringUnavailable(CasefileError):
    """The keyring does not answer, so personal data can be neither sealed nor shown."""

    remedy = "Try again; if it lasts, check the keyring database with `casefile doctor`."


class KekUnavailable(KeyringUnavailable):
    """The key encryption keys cannot be reached."""

    remedy = "Check the key encryption key file or service with `casefile doctor`."


class EpochUnknown(KekUnavailable):
    """A key is wrapped under an epoch that is destroyed or was never here."""

    remedy = "Check that the keyring database and the key encryption keys belong together."

    def __init__(self, epoch: str) -> None:
        super().__init__(epoch=epoch)
        self.epoch = epoch


class RotationUnderWay(KeyringUnavailable):
    """Another process is rotating the keys."""

    remedy = "Wait for it to end; a rotation that was killed resumes with `casefile keys rotate`."


class KeyErased(Refused):
    """The key for this data was destroyed: the subject's data was erased."""

    remedy = "Nothing more can be recorded under it; opening a new file needs an authorisation."

    def __init__(self, subject_id: UUID, data_class: str) -> None:
        super().__init__(subject_id=str(subject_id), data_class=data_class)
        self.subject_id = subject_id


class KeyTampered(CasefileError):
    """A key in the keyring is not the key that was provisioned."""

    remedy = "Do not write. Compare the keyring with its backup, and tell whoever audits the log."

    def __init__(self, subject_id: UUID | None = None, data_class: str = "") -> None:
        super().__init__(subject_id=str(subject_id), data_class=data_class)
        self.subject_id = subject_id


class SecretFileUnsafe(KekUnavailable):
    """The secret file is missing, unreadable, or open to other users."""

    def __init__(self, path: Path, remedy: str) -> None:
        super().__init__(path=str(path))
        self.path, self.remedy = path, remedy
