"""The library's subscription over our waker: a lost LISTEN slows it down and never ends it."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

from services.casefile.log.waking import Waker

POLL = 0.25


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    def __init__(
        self,
        recorder: ApplicationRecorder,
        waker: Waker,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder, gt=gt, topics=topics)
        self._waker = waker
        self._wake_thread = Thread(target=self._pass_on, name="LogSubscription", daemon=True)
        self._wake_thread.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._wake_thread.join()

    def _pass_on(self) -> None:
        while not self._has_been_stopped and not self._thread_error:
            seen = self._waker.mark()
            self._has_been_notified.set()
            self._waker.wait(POLL, since=seen)
