"""The grammar: turns a cast into a story. `python grammar.py --sample 5 --seed 1` prints conversations.

Notation of plots and pools: `[a|b]` is a choice, all parts equally likely, and may nest; `<name>` is a slot, filled
from the cast (see `_Teller.slot`) or from a pool of details.py. First letters of sentences and "an" come last.
"""

import argparse
import re
from random import Random

from cast import PRONOUNS, Cast, Character
from details import POOLS
from lexicon import DEEDS
from plots import CLOSING, GENERIC_SHOW, GENERIC_TURN, MORAL, OPENING, SHOW, TURN, Plot
from plots_more import ALL_PLOTS

LENGTHS = {"short": 0.0, "normal": 0.5, "long": 1.0}
_NEXT = re.compile(r"\[|<(\w+)>")
_FRIEND_WORDS = {"<h>": "<f>", "<his>": "<fhis>", "<him>": "<fhim>"}


def _closing_bracket(text: str, start: int) -> int:
    """Index of the `]` that ends the `[` at `start`."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "[") - (text[index] == "]")
        if depth == 0:
            return index
    raise ValueError(f"unbalanced bracket in {text!r}")


def _alternatives(text: str) -> list[str]:
    """Split at the `|` that are not inside brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


class _Teller:
    """Expands texts from left to right and remembers who has been introduced."""

    def __init__(self, rng: Random, cast: Cast) -> None:
        self.rng, self.cast = rng, cast
        self.friend_known = False
        self.thing_known = False

    def expand(self, text: str) -> str:
        """Resolve all choices and slots of `text`."""
        out, position = "", 0
        while found := _NEXT.search(text, position):
            out += text[position : found.start()]
            if found.group(1):
                out += self.expand(self.slot(found.group(1)))
                position = found.end()
            else:
                end = _closing_bracket(text, found.start())
                out += self.expand(self.rng.choice(_alternatives(text[found.start() + 1 : end])).strip("\n"))
                position = end + 1
        return out + text[position:]

    def slot(self, name: str) -> str:
        """The text for one slot, itself still to be expanded."""
        if name in POOLS:
            return self.rng.choice(POOLS[name])
        if name[0] == "f" and name[1:] in POOLS:
            text = self.rng.choice(POOLS[name[1:]])
            for mine, theirs in _FRIEND_WORDS.items():
                text = text.replace(mine, theirs)
            return text
        if name in ("H", "ha", "h", "him", "his", "himself", "trait", "deed", "turn", "moral"):
            return self._hero(name)
        if name in ("F", "fa", "f", "fhim", "fhis"):
            return self._friend(name)
        if name in ("P", "inP", "inPa"):
            place = self.cast.place
            return f"the {place.noun}" if name == "P" else place.phrase(definite=name == "inP")
        return self._thing(name)

    def _reference(self, who: Character) -> str:
        """A name or a noun with "the"."""
        if who.name and self.rng.random() < 0.6:
            return who.name
        adjective = who.trait or who.look
        return f"the {adjective} {who.noun}" if adjective and self.rng.random() < 0.15 else f"the {who.noun}"

    def _introduction(self, who: Character) -> str:
        """As in "a brave fox named Pip"."""
        if who.name is None:
            return f"a {who.phrase()}"
        return self.rng.choice(
            (
                f"a {who.phrase()} named {who.name}",
                f"a {who.phrase()} called {who.name}",
                f"{who.name}, a {who.phrase()},",
                f"{who.name} the {who.noun}",
            )
        )

    def _hero(self, name: str) -> str:
        hero = self.cast.hero
        if name == "H":
            return self._reference(hero)
        if name == "ha":
            return self._introduction(hero)
        if name == "trait":
            return hero.trait or ""
        if name in ("deed", "turn", "moral"):
            return DEEDS[hero.trait or ""][("deed", "turn", "moral").index(name)]
        return PRONOUNS[hero.pronoun][("h", "him", "his", "himself").index(name)]

    def _friend(self, name: str) -> str:
        friend = self.cast.friend
        if name in ("F", "fa"):
            known, self.friend_known = self.friend_known, True
            return self._reference(friend) if known else self._introduction(friend)
        return PRONOUNS[friend.pronoun][("f", "fhim", "fhis").index(name)]

    def _thing(self, name: str) -> str:
        thing, plural = self.cast.thing, self.cast.thing.form == "plural"
        article = "a" if thing.form == "count" else "some"
        fixed = {
            "o": ("it", "them"),
            "os": ("it", "they"),
            "was": ("was", "were"),
            "is": ("is", "are"),
            "this": ("this", "these"),
        }
        if name in fixed:
            return fixed[name][plural]
        known, self.thing_known = self.thing_known, True
        if name == "oa" or (name == "obare" and not known):
            return f"{article} {thing.phrase()}"
        if name == "on":
            return thing.phrase() if self.rng.random() < 0.3 else thing.noun
        if name == "O" and not known:
            own = thing.kind not in ("lost", "stolen", "broken", "hidden")
            return f"<his> {thing.phrase() if own else thing.noun}"
        if name in ("O", "obare"):
            return f"the {thing.phrase() if self.rng.random() < 0.35 else thing.noun}"
        raise KeyError(f"no slot or pool called <{name}>")


def _polish(text: str) -> str:
    """Single spaces, "an" where it belongs, capitals at the start of sentences and of speech."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.!?])", r"\1", text)
    text = re.sub(r",+(?=[,.!?])", "", text)
    text = re.sub(r"\b([Aa]) (?=[aeiou](?!ne-|nicorn)|hour|honest)", r"\1n ", text)
    return re.sub(r'(^"?|[.!?] "?|[.]" "?|[!?]" ")([a-z])', lambda match: match.group(1) + match.group(2).upper(), text)


def _beats(rng: Random, cast: Cast, plot: Plot, length: str) -> list[str]:
    """The texts to expand, in order: opening, plot, ending, with or without what may be left out."""
    keep, trait = LENGTHS[length], cast.hero.trait
    known = trait in DEEDS
    beats = [OPENING]
    if trait and rng.random() < 0.2 + 0.7 * keep:
        beats.append(SHOW if known else GENERIC_SHOW)
    for beat in plot.beats:
        optional = beat.startswith("?")
        if optional and rng.random() >= keep:
            continue
        beat = beat.removeprefix("?")
        if beat == TURN:
            if trait and rng.random() < 0.65:
                beats.append(TURN if known else GENERIC_TURN)
            continue
        beats.append(beat)
    if known and rng.random() < 0.3:
        beats.append(MORAL)
    if rng.random() < 0.4 + 0.5 * keep or len(beats) < 5:
        beats.append(CLOSING)
    return beats


def tell(rng: Random, cast: Cast, length: str, required: tuple[str, ...] = ()) -> str:
    """A story about `cast`, `length` a key of LENGTHS, in which every `required` word appears."""
    plots = [plot for plot in ALL_PLOTS if cast.thing.kind in plot.kinds]
    while True:
        teller = _Teller(rng, cast)
        beats = _beats(rng, cast, rng.choice(plots), length)
        story = _polish(" ".join(teller.expand(beat) for beat in beats))
        if all(re.search(rf"\b{re.escape(word)}\b", story, re.IGNORECASE) for word in required):
            return story


def main() -> None:
    """Print sample conversations."""
    from conversation import converse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=5, help="how many conversations to print")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = Random(options.seed)
    for _ in range(options.sample):
        for message in converse(rng):
            print(f"[{message.role}] {message.text}\n")
        print("-" * 40)


if __name__ == "__main__":
    main()
