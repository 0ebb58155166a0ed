"""A session: a scenario, the levers that were moved, and the futures that follow from them.

Whatever is asked is answered from a thread of its own: first with a few hundred futures, then with
more. An answer to a question that nobody asks any more is never told.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wfmodel.errors import InputError
from wfmodel.exploring import AT_ONCE, REFINED
from wfmodel.exploring.choices import Choices, State
from wfmodel.exploring.futures import Futures, Overtaken
from wfmodel.exploring.levers import Lever, Value, levers
from wfmodel.exploring.shown import DETAIL, MEASURES
from wfmodel.results.run import Run
from wfmodel.results.targets import check_targets
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario

PATIENCE = 5.0
"""Seconds for the thread to end what it is at."""
KEPT = 8
"""Answers kept, so that undo and redo cost nothing; the refined futures of the last one alone."""

Teller = Callable[["Answer"], None]


@dataclass(frozen=True)
class Answer:
    """What follows from a state of the levers: its run and the starting scenario's, on common luck.

    ``problems`` says why there is none: the levers do not go together. ``final``: it will not be
    refined any more.
    """

    state: State
    own: Run | None = None
    start: Run | None = None
    problems: tuple[str, ...] = ()
    final: bool = False


class Session:
    """One exploration of a scenario; ``told`` is called, from a thread, with every answer."""

    def __init__(
        self,
        path: str | Path,
        at_once: int = AT_ONCE,
        refined: int = REFINED,
        seed: int | None = None,
        told: Teller | None = None,
    ) -> None:
        self.start: Scenario = load_scenario(path, {"run.detail": list(DETAIL)})
        check_targets(self.start)
        self.levers: dict[str, Lever] = {lever.path: lever for lever in levers(self.start)}
        self.choices = Choices()
        self.at_once, self.refined = at_once, max(at_once, refined)
        self.seed = self.start.run.seed if seed is None else seed
        self.told = told
        self.answer: Answer | None = None
        self._kept: OrderedDict[Any, Futures] = OrderedDict()
        self._asked: State | None = None
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False
        atexit.register(self.close)  # a thread amid compiled code would bring Python down

    # --- moving levers

    def move(self, path: str, value: Value) -> None:
        """Move a lever and ask what follows."""
        lever = self.lever(path)
        if value == lever.start and not lever.unknown:
            self.choices.put_back(path)
        else:
            self.choices.move(path, value)
        self.ask()

    def put_back(self, path: str | None = None) -> None:
        """Put one lever back, or all of them."""
        self.choices.put_back(path)
        self.ask()

    def undo(self) -> bool:
        """Take the last move back; False where there is none."""
        turned = self.choices.undo()
        self.ask()
        return turned

    def redo(self) -> bool:
        """Make the move that was taken back again; False where there is none."""
        turned = self.choices.redo()
        self.ask()
        return turned

    def lever(self, path: str) -> Lever:
        """The lever at a path; InputError where there is none."""
        if path not in self.levers:
            raise InputError(path, f"is no lever of {self.start.name}")
        return self.levers[path]

    def value(self, path: str) -> Value:
        """Where a lever stands."""
        return self.choices.now.get(path, self.lever(path).start)

    def overrides(self, state: State | None = None) -> dict[str, Any]:
        """The moved levers as overrides of the scenario, whole parts first."""
        state = self.choices.now if state is None else state
        moved = {path: self.levers[path].override(value) for path, value in state.items()}
        gone = {
            path for path, value in moved.items() if value is None and self.levers[path].is_part
        }
        below = {p: v for p, v in moved.items() if not any(p.startswith(f"{g}.") for g in gone)}
        return {p: v for p, v in below.items() if not self.levers[p].is_part or v is None}

    def scenario(self, state: State | None = None) -> Scenario:
        """The scenario as the levers stand; InputError where they do not go together."""
        assert self.start.path is not None
        overrides = {"run.detail": list(DETAIL), **self.overrides(state)}
        return load_scenario(self.start.path, overrides)

    # --- asking what follows

    def ask(self) -> None:
        """Ask what follows from the levers as they stand."""
        with self._changed:
            self._asked = self.choices.now
            self._stop.set()
            self._changed.notify_all()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="exploring", daemon=True)
                self._worker.start()

    def close(self) -> None:
        """Answer nothing any more, and end the thread."""
        with self._changed:
            self._closed, self.told = True, None
            self._stop.set()
            self._changed.notify_all()
        if self._worker is not None and self._worker is not threading.current_thread():
            self._worker.join(PATIENCE)

    def wait(self, seconds: float = 300.0, final: bool = True) -> Answer:
        """The answer to what is asked now, when it is there."""
        wanted = self.choices.now
        with self._changed:
            there = self._changed.wait_for(
                lambda: (
                    self.answer is not None
                    and self.answer.state == wanted
                    and (self.answer.final or not final)
                ),
                seconds,
            )
        if not there or self.answer is None:
            raise TimeoutError(f"no answer within {seconds:g} s")
        return self.answer

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._stop.is_set)
                if self._closed:
                    return
                asked = self._asked
                self._stop.clear()
            assert asked is not None
            with contextlib.suppress(Overtaken):
                self._answer(asked)

    def _answer(self, asked: State) -> None:
        for count in dict.fromkeys((self.at_once, self.refined)):
            try:
                start = self._futures({}).extend(count, self._stop)
                own = self._futures(asked).extend(count, self._stop) if asked else start
            except InputError as error:
                problems = tuple(problem.what for problem in error.problems)
                self._tell(Answer(asked, problems=problems, final=True))
                return
            self._tell(Answer(asked, own, start, final=count == self.refined))

    def _tell(self, answer: Answer) -> None:
        """Tell an answer, unless another question has been asked meanwhile."""
        with self._changed:
            if self._stop.is_set():
                raise Overtaken
            self.answer = answer
            told = self.told
            self._changed.notify_all()
        if told is not None:
            told(answer)

    def _futures(self, state: State) -> Futures:
        key = tuple(sorted((path, repr(value)) for path, value in state.items()))
        if key not in self._kept:
            scenario = self.scenario(state) if state else self.start
            self._kept[key] = Futures(scenario, MEASURES, self.seed)
        self._kept.move_to_end(key)
        for other, futures in self._kept.items():
            if other not in ((), key):
                futures.trim(self.at_once)
        while len(self._kept) > KEPT:
            oldest = next(k for k in self._kept if k)  # the starting scenario's stay
            del self._kept[oldest]
        return self._kept[key]
