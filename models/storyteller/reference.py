"""What the network in PyTorch says, for check.ts to compare the engine with.

`python reference.py` writes build/reference.json.
"""

import json
from pathlib import Path
from random import Random

import torch

import tokenizer as tk
from conversation import converse
from model import Shape, Storyteller

BUILD = Path(__file__).parent / "build"
ODD_STRINGS = (
    "",
    " ",
    "  two  spaces ",
    "\n",
    "line\nbreak\r\n\ttab",
    "naïve café",
    "Füchse & Bären",
    "狐狸和钥匙",
    "лиса и ключ",
    "الثعلب",
    "キツネの鍵",
    "🦊🔑",
    "👩‍🚀 in spaœce",
    "e\u0301 combining",
    "\u00a0non-breaking\u2003spaces",
    "zero\u200bwidth",
    "<|end|>",
    "a<|user|>b",
    "don't I'll we've it's",
    "DON'T",
    "1234567890",
    "3.14159 + 2 = 5.14159",
    'x="y"; // code {}[]()',
    "http://example.org/?q=1&r=2",
    "…—–„“”’",
    "½ ² ٣ Ⅷ",
    "\\n\\t\\0",
    "ﬁ ligature",
    "ǅ title case",
    "İstanbul ıssız",
    "𝒻𝑜𝓍",
    "\ufeffmark",
    "tab\tand  space \n next",
    "   ",
    "\n\n\n",
    "a\u0000b",
    "'s 'S 's",
    "?!?!...,,;;",
)


def random_string(rng: Random) -> str:
    """Text from all over Unicode, surrogates left out."""
    ranges = (
        (32, 126),
        (32, 126),
        (160, 0x24F),
        (0x370, 0x5FF),
        (0x900, 0xD7F),
        (0x2000, 0x2BFF),
        (0x3040, 0x9FFF),
        (0x1F300, 0x1FAFF),
    )
    low, high = rng.choice(ranges)
    return "".join(
        chr(rng.randint(low, high)) if rng.random() < 0.8 else rng.choice(" \n.,'") for _ in range(rng.randint(1, 40))
    )


def rounded_model() -> Storyteller:
    """The network with its matrices rounded to F16, as in the GGUF file, computing in F32."""
    model = Storyteller(Shape(**json.loads((BUILD / "shape.json").read_text())))
    model.load_state_dict(torch.load(BUILD / "weights.pt", weights_only=True))
    for weight in model.parameters():
        if weight.dim() == 2:
            weight.data = weight.data.half().float()
    return model.eval()


def main() -> None:
    """Write strings, conversations and the logits of one conversation."""
    torch.set_num_threads(1)
    rng = Random(2024)
    tokenizer = tk.load()
    conversations = [converse(rng) for _ in range(60)]
    texts = [message.text for talk in conversations for message in talk]
    strings = [*ODD_STRINGS, *(random_string(rng) for _ in range(200)), *texts]
    longest = max(conversations, key=lambda talk: sum(len(message.text) for message in talk))
    ids = tk.encode_conversation(tokenizer, longest)[: Shape().context]
    with torch.no_grad():
        logits = rounded_model()(torch.tensor([ids]))[0]
    reference = {
        "strings": [{"text": text, "ids": tk.encode_text(tokenizer, text)} for text in strings],
        "conversations": [
            {"messages": [vars(message) for message in talk], "ids": tk.encode_conversation(tokenizer, talk)}
            for talk in conversations
        ],
        "prefill": {"ids": ids, "logits": [[round(value, 5) for value in row] for row in logits.tolist()]},
    }
    (BUILD / "reference.json").write_text(json.dumps(reference))
    print(f"{len(strings)} strings, {len(conversations)} conversations, logits at {len(ids)} positions")


if __name__ == "__main__":
    main()
