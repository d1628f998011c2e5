"""The network: a decoder of the Llama family, small enough to train on one CPU thread.

Pre-norm blocks with RMSNorm, rotary positions, grouped-query attention and SwiGLU, embeddings tied to the output
(Touvron et al., arXiv 2302.13971; Zhang and Sennrich, arXiv 1910.07467; Su et al., arXiv 2104.09864; Ainslie et al.,
arXiv 2305.13245; Shazeer, arXiv 2002.05202).

Rotary pairs are *interleaved*, (0, 1), (2, 3), ..., which is what llama.cpp expects of the architecture "llama": the
query and key weights go into the GGUF file as they are, with no permutation.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. Every row of a matrix has a multiple of 256 numbers, as all GGUF quantisations need."""

    vocabulary: int = 3072
    width: int = 256
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    hidden: int = 512
    context: int = 2048
    rope_base: float = 10_000.0
    norm_epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        """Width of one attention head (64; 8 would trip a known fault of Q8_0 key-value caches)."""
        return self.width // self.heads


def rotary_table(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines, each `[context, head_width / 2]`."""
    rates = shape.rope_base ** (-torch.arange(0, shape.head_width, 2).double() / shape.head_width)
    angles = torch.outer(torch.arange(shape.context).double(), rates)
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the interleaved pairs of `x [batch, heads, time, head_width]` by the angles `[time, head_width / 2]`."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Attention(nn.Module):
    """Causal grouped-query attention."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.kv_heads = shape.heads, shape.kv_heads
        kv_width = shape.kv_heads * shape.head_width
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, kv_width, bias=False)
        self.v = nn.Linear(shape.width, kv_width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Map `x [batch, time, width]` to the same shape."""
        batch, time, width = x.shape
        q = rotate(self.q(x).view(batch, time, self.heads, -1).transpose(1, 2), cos, sin)
        k = rotate(self.k(x).view(batch, time, self.kv_heads, -1).transpose(1, 2), cos, sin)
        v = self.v(x).view(batch, time, self.kv_heads, -1).transpose(1, 2)
        if self.kv_heads != self.heads:
            k = k.repeat_interleave(self.heads // self.kv_heads, dim=1)
            v = v.repeat_interleave(self.heads // self.kv_heads, dim=1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(mixed.transpose(1, 2).reshape(batch, time, width))


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map `x [batch, time, width]` to the same shape."""
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Block(nn.Module):
    """One layer: attention, then feed-forward, each behind a norm and added to the stream."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.attention = Attention(shape)
        self.feed_norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        self.feed = FeedForward(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Map `x [batch, time, width]` to the same shape."""
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return x + self.feed(self.feed_norm(x))


class Storyteller(nn.Module):
    """The language model: token ids `[batch, time]` in, logits `[batch, time, vocabulary]` out."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, eps=shape.norm_epsilon)
        cos, sin = rotary_table(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._initialise()

    def _initialise(self) -> None:
        """Normal weights; what writes into the stream is scaled down with depth, as in GPT-2."""
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                writes = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(weight, std=0.04 / (2 * self.shape.layers) ** 0.5 if writes else 0.04)

    def states(self, tokens: Tensor) -> Tensor:
        """Final hidden states `[batch, time, width]` of `tokens [batch, time]`."""
        cos, sin = self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]]
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.norm(x)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits `[batch, time, vocabulary]` of `tokens [batch, time]`."""
        return F.linear(self.states(tokens), self.embedding.weight)

    def parameter_count(self) -> int:
        """How many trained numbers there are; tied ones count once."""
        return sum(weight.numel() for weight in self.parameters())
