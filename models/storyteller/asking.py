"""Requests: what people ask of the storyteller, in many phrasings, with the words that the story then must contain."""

import re
from dataclasses import dataclass, replace
from random import Random

import lexicon as lx
from cast import Cast, Character, Thing, draw_cast, free_adjective, maybe
from phrasings import FRAMES, LINKS, NOTHING_NAMED, REMARKS

# How often a prompt names hero, friend, thing and place.
NAMED_WEIGHTS = {
    (True, False, True, False): 30,
    (True, False, False, False): 12,
    (False, False, True, False): 6,
    (True, True, False, False): 8,
    (True, False, True, True): 12,
    (True, True, True, False): 8,
    (True, False, False, True): 7,
    (True, True, True, True): 5,
    (False, False, False, True): 2,
    (False, False, False, False): 3,
}

KEYWORD_LABELS = (
    ("", "", "", ""),
    ("hero: ", "friend: ", "object: ", "place: "),
    ("character: ", "and: ", "thing: ", "where: "),
)


@dataclass(frozen=True)
class Request:
    """What a prompt asks for, and the words that it obliges the story to contain."""

    prompt: str
    cast: Cast
    required: tuple[str, ...]
    length: str


def _conceal(rng: Random, who: Character) -> tuple[Character, Character]:
    """The part of a character that the prompt shows, and a character that agrees with it but is free in the rest."""
    hide_trait, hide_look, hide_name = rng.random() < 0.25, rng.random() < 0.35, rng.random() < 0.5
    shown = replace(
        who,
        trait=None if hide_trait else who.trait,
        look=None if hide_look else who.look,
        name=None if hide_name else who.name,
    )
    free = replace(
        who,
        trait=maybe(rng, 0.4, lx.TRAITS) if hide_trait else who.trait,
        look=maybe(rng, 0.4, lx.LOOKS) if hide_look else who.look,
        name=maybe(rng, 0.4, lx.NAMES) if hide_name else who.name,
    )
    return shown, free


def _character(rng: Random, shown: Character) -> tuple[str, tuple[str, ...]]:
    """Phrase for a character and the words that oblige."""
    required = tuple(word for word in (shown.look, shown.trait, shown.noun, shown.name) if word)
    article = rng.choices(("a ", "the ", ""), (8, 2, 1))[0]
    if shown.name:
        forms = (
            f"{article}{shown.phrase()} named {shown.name}",
            f"{article}{shown.phrase()} called {shown.name}",
            f"{shown.name} the {shown.phrase()}",
            f"{shown.name}, a {shown.phrase()}",
        )
        return rng.choice(forms), required
    if shown.trait and rng.random() < 0.1:
        bare = replace(shown, trait=None)
        return f"{article}{bare.phrase()} {rng.choice(('who is', 'who was', 'that is very'))} {shown.trait}", required
    return article + shown.phrase(), required


def _thing(rng: Random, thing: Thing) -> tuple[str, tuple[str, ...]]:
    """Phrase for a thing and the words that oblige; an adjective left out of the prompt stays free."""
    article, bare = ("a ", 1) if thing.form == "count" else ("some ", 6)
    article = rng.choices((article, "the ", ""), (8, 2, bare))[0]
    return article + thing.phrase(), tuple(word for word in (thing.adjective, thing.noun) if word)


def _join(rng: Random, hero: str | None, thing: str | None, friend: str | None) -> str:
    """One phrase for those that are named."""
    if hero and thing and not friend and rng.random() < 0.35:
        verb = rng.choice(LINKS)
        return f"{hero} {verb} {thing.removeprefix('a ').removeprefix('the ') if verb.startswith('and') else thing}"
    named = [phrase for phrase in (hero, friend, thing) if phrase]
    if not named:
        return ""
    if rng.random() < 0.2:
        rng.shuffle(named)
    if len(named) == 1:
        return named[0]
    last = rng.choices((" and ", " with ", ", ", " & ", " plus "), (14, 3, 2, 1, 1))[0]
    return ", ".join(named[:-1]) + last + named[-1]


def _keywords(rng: Random, cast: Cast, named: tuple[bool, ...]) -> tuple[str, tuple[str, ...]]:
    """A prompt such as "fox, lost key, forest" or "Hero: fox. Object: lost key."."""
    labels = rng.choice(KEYWORD_LABELS)
    nouns = (cast.hero.noun, cast.friend.noun, cast.thing.phrase(), cast.place.noun)
    chosen = [(label, noun) for label, noun, show in zip(labels, nouns, named, strict=True) if show]
    separator = rng.choice((", ", ". ", "\n", " / ", "; ") if labels[0] else (", ", " ", " / ", "\n", " + "))
    start = rng.choice(("", "", "tell a story. ", "write a story. ", "story with: "))
    return start + separator.join(label + noun for label, noun in chosen), tuple(noun for _, noun in chosen)


def with_articles(text: str) -> str:
    """Write "an" where most people do."""
    return re.sub(r"(?<!\S)a(?= (?!one-|uni)[aeiou])", "an", text)


def as_typed(rng: Random, text: str) -> str:
    """As people type: capitals and punctuation or not."""
    text = with_articles(text)
    if rng.random() < 0.7:
        text = text[:1].upper() + text[1:]
    elif rng.random() < 0.6:
        text = text.lower()
    if text[-1] not in ".!?":
        text += rng.choices((".", "", "!", " please", ", please.", "..."), (10, 8, 2, 1, 1, 0.5))[0]
    return text.upper() if rng.random() < 0.01 else text


def _about(rng: Random, cast: Cast, named: tuple[bool, ...]) -> tuple[str, Cast, tuple[str, ...]]:
    """Phrase for all that is named, a cast that agrees with it, and the words that oblige."""
    shown_hero, new_hero = _conceal(rng, cast.hero)
    shown_friend, new_friend = _conceal(rng, cast.friend)
    cast = replace(cast, hero=new_hero, friend=new_friend)
    hero, hero_words = _character(rng, shown_hero) if named[0] else (None, ())
    friend, friend_words = _character(rng, shown_friend) if named[1] else (None, ())
    shown_thing = cast.thing
    if rng.random() < 0.15:
        shown_thing, cast = replace(cast.thing, adjective=None), replace(cast, thing=free_adjective(rng, cast.thing))
    thing, thing_words = _thing(rng, shown_thing) if named[2] else (None, ())
    about, required = _join(rng, hero, thing, friend), hero_words + friend_words + thing_words
    if not named[3]:
        return about, cast, required
    where = cast.place.phrase(definite=rng.random() < 0.3)
    lives = 2 if named[0] and not named[2] else 0
    link = rng.choices(("", "set ", "that takes place ", "who lives "), (8, 2, 1, lives))[0]
    return f"{about} {link}{where}" if about else f"somebody {where}", cast, (*required, cast.place.noun)


def request(rng: Random, strange: float) -> Request:
    """One request for a story; `strange` is the chance that a word in it is invented."""
    length = rng.choices(("normal", "short", "long"), (8, 2, 1))[0]
    named = rng.choices(tuple(NAMED_WEIGHTS), tuple(NAMED_WEIGHTS.values()))[0]
    cast = draw_cast(rng, named, strange)
    if not any(named):
        return Request(as_typed(rng, rng.choice(NOTHING_NAMED)), cast, (), "normal")
    if sum(named) > 1 and rng.random() < 0.06:
        prompt, required = _keywords(rng, cast, named)
        return Request(as_typed(rng, prompt), cast, required, "normal")
    about, cast, required = _about(rng, cast, named)
    prompt = rng.choice(FRAMES[length]).replace("@", about)
    if rng.random() < 0.1:
        prompt = f"{prompt.rstrip('?')}. {fill(rng, rng.choice(REMARKS))}"
    return Request(as_typed(rng, prompt), cast, required, length)


def fill(rng: Random, text: str) -> str:
    """Put a thing in place of `@` and a name in place of `%`."""
    cast = draw_cast(rng)
    something, name = rng.choice((cast.thing.phrase(), cast.hero.phrase(), cast.place.noun)), rng.choice(lx.NAMES)
    return text.replace("@", something).replace("%", name)
