"""Batches: conversations drawn from the grammar, sorted by length so that little is spent on padding."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

from conversation import converse
from tokenizer import ASSISTANT_ID, END_ID, PAD_ID, encode_conversation

POOL = 4096
WIDTH_STEP = 16  # Few different widths keep the memory of CPU kernels, which is kept per shape, small.


@dataclass(frozen=True)
class Batch:
    """`tokens [rows, time]`, the `targets [rows, time]` that follow them, and which of these are the storyteller's."""

    tokens: Tensor
    targets: Tensor
    answers: Tensor


def answer_mask(ids: list[int]) -> list[bool]:
    """For each token, whether the storyteller wrote it (the closing one is its own, too)."""
    mask, inside = [], False
    for token in ids:
        mask.append(inside)
        inside = token == ASSISTANT_ID or (inside and token != END_ID)
    return mask


def collate(rows: list[list[int]]) -> Batch:
    """Pad rows of ids to the longest of them, rounded up to `WIDTH_STEP`, and one more."""
    width = -(-max(map(len, rows)) // WIDTH_STEP) * WIDTH_STEP + 1
    padded = torch.tensor([row + [PAD_ID] * (width - len(row)) for row in rows])
    mask = torch.tensor([answer_mask(row) + [False] * (width - len(row)) for row in rows])
    return Batch(padded[:, :-1], padded[:, 1:], mask[:, 1:])


def batches(tokenizer: Tokenizer, seed: int, tokens_per_batch: int, context: int, strange: float) -> Iterator[Batch]:
    """Endless batches of at most `tokens_per_batch` tokens, padding included; no story comes twice but by chance."""
    rng = Random(seed)
    while True:
        pool = sorted((encode_conversation(tokenizer, converse(rng, strange))[:context] for _ in range(POOL)), key=len)
        groups: list[list[list[int]]] = [[]]
        for row in pool:
            if len(row) * (len(groups[-1]) + 1) > tokens_per_batch and groups[-1]:
                groups.append([])
            groups[-1].append(row)
        rng.shuffle(groups)
        yield from map(collate, groups)
