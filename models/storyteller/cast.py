"""Who and what one story is about, drawn at random: characters, a thing, a place.

Where a prompt names something, part of the words are invented (`strange`, a probability), so that the model learns to
take over words that it has never seen.
"""

from dataclasses import dataclass, replace
from random import Random

import lexicon as lx

DEFINITE = frozenset(lx.words("sea, ocean, moon, north pole, edge of the world, bottom of the sea, end of the road"))
KINDS = {
    "lost": lx.LOST,
    "broken": lx.BROKEN,
    "stolen": lx.STOLEN,
    "magic": lx.MAGIC,
    "hidden": lx.HIDDEN,
    "plain": lx.PLAIN,
}
PRONOUNS = {"he": ("he", "him", "his", "himself"), "she": ("she", "her", "her", "herself")}


@dataclass(frozen=True)
class Character:
    """Somebody, with what the prompt may say about them."""

    noun: str
    pronoun: str
    trait: str | None
    look: str | None
    name: str | None

    def phrase(self) -> str:
        """Adjectives and noun, without article."""
        return " ".join(word for word in (self.look, self.trait, self.noun) if word)


@dataclass(frozen=True)
class Thing:
    """Something; `form` is "count", "stuff" (some honey) or "plural" (some shoes)."""

    noun: str
    adjective: str | None
    kind: str
    form: str

    def phrase(self) -> str:
        """Adjective and noun, without article."""
        return f"{self.adjective} {self.noun}" if self.adjective else self.noun


@dataclass(frozen=True)
class Place:
    """Somewhere, with the preposition that goes with it."""

    preposition: str
    noun: str
    look: str | None

    def phrase(self, definite: bool) -> str:
        """As in "in a dark forest" or, definite, "in the forest"."""
        if definite or self.noun in DEFINITE:
            return f"{self.preposition} the {self.noun}"
        return f"{self.preposition} a {self.look + ' ' if self.look else ''}{self.noun}"


@dataclass(frozen=True)
class Cast:
    """All that a story needs."""

    hero: Character
    friend: Character
    thing: Thing
    place: Place


def invent(rng: Random) -> str:
    """A word that nobody has heard, of one to three syllables."""
    onsets = "b br c cr d dr f fl g gl gr h j k kl l m n p pl qu r s sk sl sn st t tr v w z th sh ch".split()
    nuclei = "a e i o u a e i o u ai ee oo ou ia".split()
    codas = ["", "", "", *"b ck d ff g l ll m n nd ng nk p r rk s sh st t x zz mp rn".split()]
    syllables = rng.choices((1, 2, 3), (3, 6, 1))[0]
    return "".join(rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas) for _ in range(syllables))


def maybe(rng: Random, chance: float, choices: tuple[str, ...]) -> str | None:
    """One of the choices, or nothing."""
    return rng.choice(choices) if rng.random() < chance else None


def draw_character(rng: Random, strange: float = 0.0) -> Character:
    """A character with at most two adjectives and sometimes a name."""
    dice = rng.random()
    if rng.random() < strange:
        noun, pronoun = invent(rng), rng.choice(("he", "she"))
    elif dice < 0.7:
        noun, pronoun = rng.choice(lx.CREATURES), rng.choice(("he", "she"))
    elif dice < 0.8:
        noun, pronoun = rng.choice(lx.SHE), "she"
    elif dice < 0.9:
        noun, pronoun = rng.choice(lx.HE), "he"
    else:
        noun, pronoun = rng.choice(lx.LIVING_THINGS), rng.choice(("he", "she"))
    trait = maybe(rng, 0.7, lx.TRAITS)
    look = maybe(rng, 0.18 if trait else 0.4, lx.LOOKS)
    if trait and rng.random() < strange / 3:
        trait = invent(rng)
    name = maybe(rng, 0.35, lx.NAMES)
    if name and rng.random() < strange:
        name = invent(rng).capitalize()
    return Character(noun, pronoun, trait, look, name)


def draw_thing(rng: Random, strange: float = 0.0) -> Thing:
    """A thing with or without an adjective, which decides what can happen to it."""
    form = rng.choices(("count", "stuff", "plural"), (16, 1, 2))[0]
    noun = rng.choice({"count": lx.THINGS, "stuff": lx.STUFF, "plural": lx.PLURALS}[form])
    if form == "count" and rng.random() < strange:
        noun = invent(rng) if rng.random() < 0.9 else f"{invent(rng)} {noun}"
    thing = free_adjective(rng, Thing(noun, None, "none", form))
    return replace(thing, adjective=invent(rng)) if thing.kind == "plain" and rng.random() < strange / 2 else thing


def free_adjective(rng: Random, thing: Thing) -> Thing:
    """The thing with another adjective, or none, from the lists."""
    kind = rng.choices((*KINDS, "none"), (4, 2, 2, 3, 2, 6, 3))[0]
    return replace(thing, adjective=rng.choice(KINDS[kind]) if kind != "none" else None, kind=kind)


def draw_place(rng: Random, strange: float = 0.0) -> Place:
    """A place, sometimes with an adjective."""
    preposition, noun = rng.choice(lx.PLACES)
    if rng.random() < strange:
        noun = invent(rng)
    return Place(preposition, noun, maybe(rng, 0.4, lx.PLACE_LOOKS))


def draw_cast(rng: Random, named: tuple[bool, ...] = (False,) * 4, strange: float = 0.0) -> Cast:
    """A cast that uses no noun twice; `named` says of hero, friend, thing and place whether words may be invented."""
    odd = [strange * name for name in named]
    while True:
        cast = Cast(
            draw_character(rng, odd[0]), draw_character(rng, odd[1]), draw_thing(rng, odd[2]), draw_place(rng, odd[3])
        )
        nouns = {cast.hero.noun, cast.friend.noun, cast.thing.noun, cast.place.noun}
        if len(nouns) == 4 and (cast.hero.name is None or cast.hero.name != cast.friend.name):
            return cast
