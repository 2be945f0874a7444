"""Says how two measured facts compare, and what that rests on: runs, means, spread, margin, and chance.

One fact is called higher than another only if each of its runs is higher than each run of the other. One run of each
would always be so: there is no verdict on one run, and the words say that it is one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from generator.words import say, say_number

FRAGILE = 2  # standard deviations: a smaller margin may be gone with other seeds
ROUNDING = 1e-12  # the part of a mean that it may be off, as a sum of floats
CERTAINTY, POWER = 1.959964, 0.841621  # the normal distribution's quantiles at 97.5 % and at 80 %

# What verdicts say; each is a key of the catalogs of languages, and so a whole phrase.
COMPARED = {
    ("higher", False): "higher than", ("higher", True): "higher {note} than",
    ("lower", False): "lower than", ("lower", True): "lower {note} than",
    ("the same", False): "the same as", ("the same", True): "the same {note} as",
    ("too close", False): "too close to tell from", ("too close", True): "too close {note} to tell from",
}  # fmt: skip
NOTES = {  # of as many seeds on both sides, and of different numbers of them
    "of": ("for these {count} seeds", "for these seeds ({left} against {right})"),
    "over": ("over {count} seeds", "over seeds ({left} against {right})"),
    "all": ("in all {count} seeds", "in all seeds ({left} against {right})"),
}
ALL_ABOVE = (
    "Every seed of the one is above every seed of the other; between equals chance does that at most once in {times} "
    "times, one way or the other"
)
ALL_BELOW = (
    "Every seed of the one is below every seed of the other; between equals chance does that at most once in {times} "
    "times, one way or the other"
)
RULE_OF_CHANCE = (
    "“Higher in all seeds” is said only where every run of the one is above every run of the other. Of two equals, "
    "{runs} runs against {runs} part like this by chance at most once in {times} times, one way or the other; so a "
    "single such verdict is a hint, not a proof."
)
RULE_OF_DATA = "All runs are judged on the same test data; what others would give, the seeds do not say."
RULE_OF_OVERLAPS = (
    "Where runs overlap, the seeds cannot tell; of one run there is no verdict. Rest the pointer on a verdict, tap it, "
    "or reach it with the Tab key: it says of how many runs it is, their means, their spread and the margin."
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A fact to compare.

    values: one per seed, or a single one for a statistic such as the mean, and for what no seed changes. runs: of how
    many runs it comes; 0 if it was not measured. varies: whether it, or what it is a statistic of, depends on the seed.
    """

    values: tuple[float, ...]
    runs: int = 0
    varies: bool = False

    @property
    def mean(self) -> float:
        """Return the mean over the seeds."""
        return sum(self.values) / len(self.values)

    @property
    def squares(self) -> float:
        """Return the sum of the squares of how far each seed is from the mean."""
        return sum((value - self.mean) ** 2 for value in self.values)

    @property
    def spread(self) -> float:
        """Return the standard deviation over the seeds; 0 of a single value."""
        return math.sqrt(self.squares / (len(self.values) - 1)) if len(self.values) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How `left` compares with `right`."""

    left: Sample
    right: Sample

    @property
    def runs(self) -> tuple[int, ...]:
        """Return of how many runs each side comes, without sides that were not measured."""
        return tuple(side.runs for side in (self.left, self.right) if side.runs)

    @property
    def is_exact(self) -> bool:
        """Return whether no other seed can change it: no side was measured, or more than one run gave the same."""
        is_constant = not (self.left.varies or self.right.varies)
        return not self.runs or (min(self.runs) > 1 and is_constant)

    @property
    def order(self) -> int:
        """Return 1 if every run of the left side is higher than every one of the right, -1 if lower, else 0."""
        lefts, rights = self.left.values, self.right.values
        return (min(lefts) > max(rights)) - (max(lefts) < min(rights))

    @property
    def is_tie(self) -> bool:
        """Return whether all runs of both sides have one and the same value."""
        return len({*self.left.values, *self.right.values}) == 1

    @property
    def words(self) -> str:
        """Return the words between the names of the two sides, as in `the one is higher in all 3 seeds than the other`.

        A difference that the seeds do not carry is "too close for these 3 seeds to tell from"; a single run has no
        verdict, only "higher (one run each) than".
        """
        word = {1: "higher", -1: "lower", 0: "the same" if self.is_tie else "too close"}[self.order]
        note = self._note(word)
        return say(COMPARED[word, bool(note)], note=note) if note else say(COMPARED[word, False])

    def _note(self, word: str) -> str:
        """Return how many runs stand behind `word`; empty if that does not matter."""
        runs = self.runs
        if self.is_exact:
            return ""
        if 1 in runs:
            return f"({self._counted()})"
        is_of_statistics = len(self.left.values) == len(self.right.values) == 1
        kind = "of" if word == "too close" else "over" if is_of_statistics or word == "the same" else "all"
        alike, unlike = NOTES[kind]
        return say(alike, count=runs[0]) if len({*runs}) == 1 else say(unlike, left=runs[0], right=runs[1])

    def _counted(self) -> str:
        """Return how many runs each side has, in words, such as `one run each` or `3 seeds against one run`."""
        counts = [say("one run") if count == 1 else say("{count} seeds", count=count) for count in self.runs]
        if len({*counts}) > 1:
            return say(" against ").join(counts)
        return say("{counted} each", counted=counts[0]) if len(counts) > 1 else counts[0]

    @property
    def margin(self) -> float:
        """Return how far the means are apart; 0 if only the rounding of sums parts them."""
        left, right = self.left.mean, self.right.mean
        return 0.0 if math.isclose(left, right, rel_tol=ROUNDING) else abs(left - right)

    @property
    def spread(self) -> float:
        """Return the standard deviation over the seeds, of both sides together; 0 if no side has several values."""
        freedom = len(self.left.values) + len(self.right.values) - 2
        return math.sqrt((self.left.squares + self.right.squares) / freedom) if freedom else 0.0

    @property
    def seeds(self) -> int:
        """Return how many seeds the side has that has fewer, of those with several; 1 if none has."""
        return min((len(side.values) for side in (self.left, self.right) if len(side.values) > 1), default=1)

    @property
    def needed(self) -> int | None:
        """Return how many seeds would show a difference of this size in four experiments of five; None if none would.

        That is at the level of 5 %, by the normal approximation with Guenther's correction for small numbers.
        """
        if not self.margin:
            return None
        sides = sum(len(side.values) > 1 for side in (self.left, self.right)) or 1
        ratio = self.spread / self.margin
        return math.ceil(sides * (CERTAINTY + POWER) ** 2 * ratio**2 + CERTAINTY**2 / (2 * sides))

    @property
    def is_fragile(self) -> bool:
        """Return whether other seeds may well give another verdict: a small margin, of too few seeds for its size."""
        if not self.spread or self.margin >= FRAGILE * self.spread:
            return False
        return self.needed is None or self.needed > self.seeds

    @property
    def detail(self) -> str:
        """Return what the verdict rests on, in sentences; empty if no other seed can change it."""
        if self.is_exact:
            return ""
        rule = say("One run cannot tell a difference from chance") if 1 in self.runs else self._rule()
        return f"{_capitalized(self.figures)}. {rule}."

    @property
    def figures(self) -> str:
        """Return of how many seeds both sides are, their means, how far the seeds spread, and the margin."""
        sides = {"left": _side(self.left), "right": _side(self.right)}
        return say(
            "{runs}: {left} against {right}; margin {margin}", runs=self._counted(), **sides, margin=self._margin()
        )

    def _margin(self) -> str:
        """Return how far the means are apart, also as a multiple of the spread."""
        is_spread = self.spread and self.margin
        margin = say_number(f"{self.margin:.3g}")
        if not is_spread:
            return margin
        return say(
            "{margin}, {times} standard deviations", margin=margin, times=say_number(f"{self.margin / self.spread:.1f}")
        )

    def _rule(self) -> str:
        """Return what the rule of all pairs says of the two sides."""
        if not self.order:
            return say("The ranges over the seeds overlap")
        if len(self.left.values) == 1 or len(self.right.values) == 1:
            return say("Every seed is above" if self.order > 0 else "Every seed is below")
        orders = math.comb(sum(self.runs), self.runs[0]) / 2
        return say(ALL_ABOVE if self.order > 0 else ALL_BELOW, times=say_number(f"{orders:.4g}"))


def rule_of(runs: Sequence[int], *, has_data: bool = True) -> str:
    """Return the rule of verdicts, for readers, where experiments have so many runs; empty if each has one.

    has_data: whether they are judged on data, all on the same.
    """
    fewest = min((count for count in runs if count > 1), default=0)
    if not fewest:
        return ""
    sentences = [say(RULE_OF_CHANCE, runs=fewest, times=math.comb(2 * fewest, fewest) // 2)]
    sentences += [say(RULE_OF_DATA)] if has_data else []
    return " ".join([*sentences, say(RULE_OF_OVERLAPS)])


def _side(side: Sample) -> str:
    """Return the mean of one side with the standard deviation over its seeds, to two digits of that."""
    if not side.spread:
        return say_number(f"{side.mean:.6g}")
    decimals = max(0, 1 - math.floor(math.log10(side.spread)))
    mean, spread = say_number(f"{side.mean:.{decimals}f}"), say_number(f"{side.spread:.2g}")
    return say("mean {mean} (standard deviation {spread})", mean=mean, spread=spread)


def _capitalized(text: str) -> str:
    """Return `text` with its first letter in capitals."""
    return text[:1].upper() + text[1:]
