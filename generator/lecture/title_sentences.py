"""Titles that do not say the point: those of a few words, and those without a verb.

A lecture asks for it with `titles: sentences`. What is a verb is decided by a list and the words beside it, in English
alone; of other languages only the words are counted. What is in doubt passes: a warning that is wrong is worse than
one that is missing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from generator.errors import SourceError
from generator.lecture.blocks import Lecture
from generator.lecture.syntax import words_of

FEWEST: Final = 3  # words of a title
ROLE: Final = re.compile(r"\{\w+\}`[^`]*`")
WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,;:—]")
PAUSES: Final = frozenset(",;:—")


def as_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


FINITE: Final = as_set(
    """am is are was were be has have had does do did can cannot could may might must shall should will would won
    became began broke brought built came chose cost cut drew fell felt forgot found gave got grew held hit hurt kept
    knew learnt led left let lost made meant met paid put ran read rose said sat saw sent set shown shows slid spent
    spoke stood struck taught taken told took thought went wrote"""
)
# Regular verbs, and others as they are in the present; many are nouns as well, and count as such behind an article.
PRESENT: Final = as_set(
    """accept achieve act adapt add adjust affect agree aim align allow amplify answer appear apply approach
    approximate argue arise arrange arrive ask assign assume attach average avoid balance beat become begin
    behave belong bend bet bind blur break bring build bury buy calculate call cancel capture carry catch cause
    change check choose classify climb clip close collapse collect combine come commute compare compete compress
    compute concentrate confirm confuse connect conserve consist consume contain converge convert convolve copy
    correct correlate corrupt cost count cover crop cross cut damage deal decay decide decrease defeat define
    delay deliver demand demonstrate deny depend describe destroy detect determine die differ diffuse dilate
    disagree disappear discard discover distort distribute diverge divide dominate double draw drift drive drop
    earn eat eliminate embed emerge enable encode end ensure enter equal erase escape establish estimate
    evaluate evolve exceed excite exclude execute exist expand expect explain explode exploit explore express
    extend extract fail fall favor feed feel fill find fit fix flatten flip float flow fly fold follow forget
    freeze gain gather generalize generate get give go govern grow guarantee guess halve handle happen harm hear
    help hesitate hide hit hold hurt identify ignore imitate imply impose improve include increase indicate
    infer inherit initialize insert inspect interact interpolate introduce invent invert involve isolate iterate
    join jump justify keep kill know label lack last lead leak lean learn leave lend let lie light like limit
    listen live locate look lose lower magnify maintain make manage match matter maximize mean measure meet melt
    memorize merge minimize mirror mislead miss mix modify move multiply name need normalize notice obey obtain
    occur offer omit open operate optimize organize originate oscillate outperform outweigh overestimate overfit
    overlap overshoot pad paint pass pay perform permit pick place play point possess predict prefer prepare
    preserve prevent proceed produce propagate propose protect prove provide pull push put qualify quantify quit
    raise reach react read realize recall receive recognize recommend recover reduce refer reflect refuse
    regularize reject rely remain remember remove render repeat replace represent require resemble reset
    resist resolve respond restore retain retrieve return reuse reveal reverse rise rotate rule run satisfy
    saturate save say scan scatter search see seek seem select sell send separate serve set settle shape share
    shift shorten show shrink shuffle simplify simulate sink sit skip slide slow smooth solve sort spare speak
    spend split spoil spread squeeze stabilize stack stand start stay steer step stick stop store stretch strike
    study submit subtract succeed suffer suggest suit sum supply suppose suppress surprise survive switch tackle
    take talk teach tell tend test think tie tilt touch train transfer transform translate transpose trap travel
    treat trust try tune turn underestimate underfit understand unfold unfreeze update upset use validate vanish
    vary verify violate visit vote wait wander want warn warp waste watch weaken weigh widen win work wrap write
    yield"""
)
# Behind these stands no verb in its present.
BEFORE_NOUNS: Final = as_set(
    """a an the this that these those my your his her its our their one two three four five six seven eight nine ten of
    in on at by for from with without to into per each every no any some more most less fewer first second third last
    next same other such"""
)
# Behind these words, which open an object, a word in -s or -ed is a verb, whatever it is.
OBJECTS: Final = as_set(
    """a an the its their his her our your it them him us me what where why how whether that no not none nothing more
    less most least all every each only never always nearly almost too so"""
)
INFLECTED: Final = re.compile(r"\w{2,}(?:(?<![sui])s|ed)")
PRONOUNS: Final = frozenset({"it", "that", "what", "who", "where", "there", "here", "how", "he", "she", "let"})


def find_weak_titles(lecture: Lecture) -> Iterator[SourceError]:
    """Yield a warning for each title of a slide that is no sentence, at its line, if the lecture asks for it."""
    for slide in lecture.slides if lecture.titles == "sentences" else ():
        if slide.starts_part or slide.continued:
            continue
        words = title_words(slide.title)
        if len([word for word in words if word not in PAUSES]) < FEWEST:
            problem, hint = f"has fewer than {FEWEST} words", "say in a sentence what the slide shows"
        elif lecture.lang.lower().startswith("en") and not has_verb(words):
            problem, hint = "has no verb", "say what the slide shows, such as 'Stride two halves the map'"
        else:
            continue
        yield SourceError(f"the title '{slide.title}' {problem}", slide.where, hint)


def title_words(title: str) -> list[str]:
    """Return the words of a title in lower case, and the pauses between them; a value counts as a word."""
    text = words_of(ROLE.sub(" 1 ", title))
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


def has_verb(words: Sequence[str]) -> bool:
    """Return whether one of the words can be the verb of an English sentence."""
    return any(is_verb(words, at) for at in range(len(words)))


def is_verb(words: Sequence[str], at: int) -> bool:
    """Return whether the word at this place can be the verb, by its form and by the words beside it."""
    word, before, after = words[at], words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    stem, _, ending = word.partition("'")
    if word in FINITE or word.endswith("n't") or ending in {"re", "ve", "ll", "d", "m"}:
        return True
    if ending == "s":
        return stem in PRONOUNS
    if INFLECTED.fullmatch(word) and after in OBJECTS:
        return True
    return before not in BEFORE_NOUNS and any(form in PRESENT for form in present_forms(word))


def present_forms(word: str) -> Iterator[str]:
    """Yield what the word may be a form of: itself, and what is left without -s, -es, -ed or -d."""
    yield word
    for ending, put in (("ies", "y"), ("ied", "y"), ("es", ""), ("ed", ""), ("s", ""), ("d", "")):
        if word.endswith(ending):
            yield word.removesuffix(ending) + put
    if doubled := re.fullmatch(r"(\w*?(\w))\2ed", word):
        yield doubled[1]
