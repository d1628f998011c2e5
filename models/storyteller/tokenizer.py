"""The tokeniser: byte-level BPE with GPT-2's splitting rule and single digits, trained on the grammar's conversations.

Every byte is a token, so any text comes back unchanged (Sennrich et al., arXiv 1508.07909; Radford et al., 2019).
`python tokenizer.py` writes build/tokenizer.json.
"""

from pathlib import Path
from random import Random

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from conversation import Message, converse

FILE = Path(__file__).parent / "build" / "tokenizer.json"
VOCABULARY = 3072
BEGIN, END, SYSTEM, USER, ASSISTANT, PAD = SPECIAL = (
    "<|begin|>",
    "<|end|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|pad|>",
)
BEGIN_ID, END_ID, SYSTEM_ID, USER_ID, ASSISTANT_ID, PAD_ID = range(len(SPECIAL))
ROLES = {"system": SYSTEM_ID, "user": USER_ID, "assistant": ASSISTANT_ID}
# What `encode_conversation` does, for chat runtimes.
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] | trim + '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def train(texts: int, seed: int) -> Tokenizer:
    """Train on `texts` conversations drawn with `seed`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    rng = Random(seed)
    tokenizer.train_from_iterator((message.text for _ in range(texts) for message in converse(rng)), trainer)
    return tokenizer


def load() -> Tokenizer:
    """The tokeniser, trained first if need be; in a text, the names of special tokens mean nothing special."""
    if not FILE.exists():
        FILE.parent.mkdir(exist_ok=True)
        train(texts=20_000, seed=1).save(str(FILE))
    tokenizer = Tokenizer.from_file(str(FILE))
    tokenizer.encode_special_tokens = True
    return tokenizer


def encode_text(tokenizer: Tokenizer, text: str) -> list[int]:
    """Token ids of plain text."""
    return tokenizer.encode(text, add_special_tokens=False).ids


def encode_conversation(tokenizer: Tokenizer, messages: list[Message]) -> list[int]:
    """Token ids of a whole conversation, as the chat template lays it out."""
    ids = [BEGIN_ID]
    for message in messages:
        ids += [ROLES[message.role], *encode_text(tokenizer, message.text), END_ID]
    return ids


if __name__ == "__main__":
    print(f"{load().get_vocab_size()} tokens in {FILE}")
