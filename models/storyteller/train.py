"""Training, in two runs that write build/weights.pt and a record each; README.md has the commands.

The second run starts from the weights of the first, with more invented words to copy from the prompt.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import torch
from torch.nn import functional as F

from data import Batch, batches
from model import Shape, Storyteller
from tokenizer import load

BUILD = Path(__file__).parent / "build"
WEIGHTS = BUILD / "weights.pt"
TOKENS_PER_BATCH = 2048
WARM_UP_STEPS = 150
VALIDATION_SEED = 8
VALIDATION_STRANGE = 0.15


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


@dataclass(frozen=True)
class Plan:
    """One run: batches, seed of the data and of the first weights, peak learning rate, chance of an invented word."""

    steps: int
    seed: int
    rate: float
    strange: float
    resume: bool

    def rate_at(self, step: int) -> float:
        """Learning rate: a linear rise, then a linear fall to zero."""
        return self.rate * min((step + 1) / WARM_UP_STEPS, (self.steps - step) / max(1, self.steps - WARM_UP_STEPS))


def optimiser_for(model: Storyteller) -> torch.optim.AdamW:
    """AdamW (arXiv 1711.05101); weight decay for matrices only."""
    matrices = [weight for weight in model.parameters() if weight.dim() == 2]
    vectors = [weight for weight in model.parameters() if weight.dim() == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), foreach=True)


def start(plan: Plan) -> Storyteller:
    """A new network, or the one of the run before."""
    torch.manual_seed(plan.seed)
    shape = Shape(vocabulary=load().get_vocab_size())
    (BUILD / "shape.json").write_text(json.dumps(asdict(shape)) + "\n")
    model = Storyteller(shape)
    if plan.resume:
        model.load_state_dict(torch.load(WEIGHTS, weights_only=True))
    return model


def learn(model: Storyteller, optimiser: torch.optim.AdamW, batch: Batch) -> float:
    """One step; returns the loss in nats per token."""
    with torch.autocast("cpu", torch.bfloat16):
        total, count = loss_sum(model, batch)
    loss = total / count
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def train(plan: Plan) -> None:
    """Carry out a plan and write the weights and a record of the run."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    tokenizer, model = load(), start(plan)
    context = model.shape.context
    optimiser = optimiser_for(model)
    held_out = list(islice(batches(tokenizer, VALIDATION_SEED, TOKENS_PER_BATCH, context, VALIDATION_STRANGE), 40))
    drawn = batches(tokenizer, plan.seed, TOKENS_PER_BATCH, context, plan.strange)
    record, tokens_seen, started = [], 0, time.monotonic()
    for step, batch in enumerate(islice(drawn, plan.steps)):
        for group in optimiser.param_groups:
            group["lr"] = plan.rate_at(step)
        loss = learn(model, optimiser, batch)
        tokens_seen += batch.tokens.numel()
        last = step + 1 == plan.steps
        if (step + 1) % 100 == 0 or last:
            seconds = round(time.monotonic() - started)
            row = {"step": step + 1, "tokens": tokens_seen, "seconds": seconds, "loss": round(loss, 4)}
            if (step + 1) % 500 == 0 or last:
                row["validation"] = round(validate(model, held_out), 4)
                torch.save(model.state_dict(), WEIGHTS)
            record.append(row)
            print(json.dumps(row), flush=True)
    facts = {"parameters": model.parameter_count(), "plan": asdict(plan), "record": record}
    (BUILD / f"training-{plan.seed}.json").write_text(json.dumps(facts, indent=1) + "\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True, help="peak learning rate")
    parser.add_argument("--strange", type=float, required=True, help="chance that a named word is invented")
    parser.add_argument("--resume", action="store_true", help="start from build/weights.pt")
    train(Plan(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
