"""Export: `python export_gguf.py` turns build/weights.pt into storyteller-f16.gguf and manifest.json.

Matrices are stored as F16, norm weights as F32, as llama.cpp's own converter does. The output matrix is the embedding
and is not stored twice.
"""

import hashlib
import json
from pathlib import Path

import gguf
import numpy as np
import torch

from model import Shape, Storyteller
from tokenizer import BEGIN_ID, CHAT_TEMPLATE, END_ID, PAD_ID, SPECIAL, load

FOLDER = Path(__file__).parent
MODEL_FILE = FOLDER / "storyteller-f16.gguf"
VERSION = "1.0.0"
LAYER_NAMES = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.out": "attn_output",
    "feed_norm": "ffn_norm",
    "feed.gate": "ffn_gate",
    "feed.up": "ffn_up",
    "feed.down": "ffn_down",
}


def tensor_name(name: str) -> str:
    """The GGUF name of one of our weights."""
    if not name.startswith("blocks."):
        return {"embedding.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}[name]
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}.{LAYER_NAMES[rest.removesuffix('.weight')]}.weight"


def add_architecture(writer: gguf.GGUFWriter, shape: Shape) -> None:
    """The sizes, under llama.cpp's keys for the architecture "llama"."""
    writer.add_name("Storyteller")
    writer.add_version(VERSION)
    writer.add_license("MIT")
    writer.add_description("Tells short stories about what the prompt names.")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)


def add_tokenizer(writer: gguf.GGUFWriter) -> None:
    """Tokens, merges, special tokens and the chat template."""
    state = json.loads(load().to_str())["model"]
    tokens = sorted(state["vocab"], key=state["vocab"].get)
    kinds = [gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    # The splitting rule of tokenizer.py by llama.cpp's name; its "gpt-2" loses spaces before punctuation in decoding.
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in state["merges"]])
    writer.add_bos_token_id(BEGIN_ID)
    writer.add_eos_token_id(END_ID)
    writer.add_eot_token_id(END_ID)
    writer.add_pad_token_id(PAD_ID)
    writer.add_add_bos_token(True)
    writer.add_chat_template(CHAT_TEMPLATE)


def export() -> int:
    """Write the model; returns its number of parameters."""
    weights = torch.load(FOLDER / "build" / "weights.pt", weights_only=True)
    shape = Shape(**json.loads((FOLDER / "build" / "shape.json").read_text()))
    model = Storyteller(shape)
    model.load_state_dict(weights)
    writer = gguf.GGUFWriter(MODEL_FILE, "llama")
    add_architecture(writer, shape)
    add_tokenizer(writer)
    for name, weight in model.named_parameters():
        precision = np.float16 if weight.dim() == 2 else np.float32
        writer.add_tensor(tensor_name(name), weight.detach().numpy().astype(precision))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return model.parameter_count()


def write_manifest(parameters: int) -> None:
    """The facts that buyers and nodes agree on; no fractions, so that the canonical form (RFC 8785) is plain."""
    content = MODEL_FILE.read_bytes()
    manifest = {
        "name": "storyteller",
        "version": VERSION,
        "architecture": "llama",
        "parameters": parameters,
        "contextLength": Shape().context,
        "quantisation": "F16",
        "licence": "MIT",
        "artefacts": [{"file": MODEL_FILE.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}],
        "engine": {"name": "llama.cpp", "package": "node-llama-cpp", "version": "3.22.1"},
        "sampler": {"kind": "gumbel-max", "topK": 64, "temperature": 1, "topP": 1, "minP": 0},
        "chatTemplate": "gguf",
        "defaults": {"maxTokens": 256, "temperature": 1},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    write_manifest(export())
    print(f"{MODEL_FILE.name}: {MODEL_FILE.stat().st_size} bytes")
