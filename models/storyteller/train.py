"""Training: `python train.py --steps 3000` writes build/weights.pt and build/training.json."""

import argparse
import json
import time
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import torch
from torch.nn import functional as F

from data import Batch, batches
from model import Shape, Storyteller
from tokenizer import load

BUILD = Path(__file__).parent / "build"
TOKENS_PER_BATCH = 4096
WARM_UP_STEPS = 100
PEAK_RATE = 3e-3


def loss_sum(model: Storyteller, batch: Batch) -> tuple[torch.Tensor, int]:
    """Summed negative log-likelihood, in nats, of the storyteller's tokens, and how many there are."""
    states = model.states(batch.tokens)[batch.answers]
    logits = F.linear(states, model.embedding.weight).float()
    targets = batch.targets[batch.answers]
    return F.cross_entropy(logits, targets, reduction="sum"), len(targets)


def validate(model: Storyteller, held_out: list[Batch]) -> float:
    """Nats per token on conversations that were never trained on, in full precision."""
    with torch.no_grad():
        sums = [loss_sum(model, batch) for batch in held_out]
    return float(sum(total for total, _ in sums)) / sum(count for _, count in sums)


def rate_at(step: int, steps: int) -> float:
    """Learning rate: a linear rise, then a linear fall to zero."""
    return PEAK_RATE * min((step + 1) / WARM_UP_STEPS, (steps - step) / max(1, steps - WARM_UP_STEPS))


def optimiser_for(model: Storyteller) -> torch.optim.AdamW:
    """AdamW (arXiv 1711.05101); weight decay for matrices only."""
    matrices = [weight for weight in model.parameters() if weight.dim() == 2]
    vectors = [weight for weight in model.parameters() if weight.dim() == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.98), foreach=True)


def train(steps: int, seed: int) -> None:
    """Train for `steps` batches and write the weights and a record of the run."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    tokenizer = load()
    shape = Shape(vocabulary=tokenizer.get_vocab_size())
    (BUILD / "shape.json").write_text(json.dumps(asdict(shape)) + "\n")
    model = Storyteller(shape)
    optimiser = optimiser_for(model)
    held_out = list(islice(batches(tokenizer, seed + 1, TOKENS_PER_BATCH, shape.context), 24))
    record, tokens_seen, started = [], 0, time.monotonic()
    for step, batch in enumerate(islice(batches(tokenizer, seed, TOKENS_PER_BATCH, shape.context), steps)):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, steps)
        with torch.autocast("cpu", torch.bfloat16):
            total, count = loss_sum(model, batch)
        loss = total / count
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        tokens_seen += batch.tokens.numel()
        if (step + 1) % 50 == 0 or step + 1 == steps:
            seconds = round(time.monotonic() - started)
            row = {"step": step + 1, "tokens": tokens_seen, "seconds": seconds, "loss": round(loss.item(), 4)}
            if (step + 1) % 250 == 0 or step + 1 == steps:
                row["validation"] = round(validate(model, held_out), 4)
                torch.save(model.state_dict(), BUILD / "weights.pt")
            record.append(row)
            print(json.dumps(row), flush=True)
    facts = {"parameters": model.parameter_count(), "seed": seed, "steps": steps, "record": record}
    (BUILD / "training.json").write_text(json.dumps(facts, indent=1) + "\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    train(options.steps, options.seed)


if __name__ == "__main__":
    main()
