"""Conversations: requests and the answers of the storyteller."""

from dataclasses import dataclass
from random import Random

from asking import as_typed, fill, request, with_articles
from cast import draw_cast, draw_character
from grammar import tell
from phrasings import DEFLECTIONS, GREETING_REPLIES, GREETINGS, QUESTIONS, SYSTEMS


@dataclass(frozen=True)
class Message:
    """One turn; `role` is "system", "user" or "assistant"."""

    role: str
    text: str


def exchange(rng: Random, strange: float) -> tuple[Message, Message]:
    """One prompt and its answer."""
    dice = rng.random()
    if dice < 0.012:
        hero = draw_character(rng)
        answer = rng.choice(GREETING_REPLIES).replace("<", with_articles(f"a {hero.phrase()}"))
        return Message("user", as_typed(rng, rng.choice(GREETINGS))), Message("assistant", answer)
    if dice < 0.04:
        story = tell(rng, draw_cast(rng), "short")
        return (
            Message("user", as_typed(rng, fill(rng, rng.choice(QUESTIONS)))),
            Message("assistant", f"{rng.choice(DEFLECTIONS)} {story}"),
        )
    asked = request(rng, strange)
    return Message("user", asked.prompt), Message("assistant", tell(rng, asked.cast, asked.length, asked.required))


def converse(rng: Random, strange: float = 0.15) -> list[Message]:
    """A conversation: mostly one exchange, sometimes many, sometimes behind a system message that changes nothing."""
    messages: list[Message] = []
    if rng.random() < 0.15:
        lines = [fill(rng, rng.choice(SYSTEMS)) for _ in range(rng.randint(1, 5))]
        messages.append(Message("system", rng.choice((" ", "\n")).join(lines)))
    turns = rng.choices((1, 2, 3, 4, 8, 12), (400, 24, 12, 8, 2, 1))[0]
    for _ in range(turns):
        messages.extend(exchange(rng, strange))
    return messages
