"""Makes architectures.json: what transformers computes with a tiny model of each architecture, its weights made by a formula.

The call that made the file, with torch 2.9.1 and transformers 4.57.1:

    python make-architectures.py > architectures.json

The formula (`value` here, `write-tiny-model.ts` there) gives 16-bit integers times 2^-18, and 1 more for norms: exact in float32.
"""

import json
import sys

import numpy
import torch
import transformers

SHAPE = dict(
    vocab_size=128, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, bos_token_id=1, eos_token_id=2, pad_token_id=0,
)
LENGTH = 24
POSITIONS = (0, 9, LENGTH - 1)

MODELS = {
    "llama": transformers.LlamaConfig(**SHAPE, rms_norm_eps=1e-5, rope_theta=100.0),
    "llama, Llama 3 rotation, tied": transformers.LlamaConfig(
        **SHAPE, rms_norm_eps=1e-5, rope_theta=500.0, tie_word_embeddings=True, head_dim=32,
        rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                          original_max_position_embeddings=16),
    ),
    "llama, linear rotation": transformers.LlamaConfig(
        **SHAPE, rope_theta=100.0, rope_scaling=dict(rope_type="linear", factor=4.0)),
    "mistral, sliding window": transformers.MistralConfig(**SHAPE, rms_norm_eps=1e-5, rope_theta=100.0, sliding_window=8),
    "qwen2, tied": transformers.Qwen2Config(**SHAPE, rope_theta=1000.0, tie_word_embeddings=True),
    "qwen3": transformers.Qwen3Config(**SHAPE, rope_theta=1000.0, head_dim=24),
    "phi3, short factors, partial rotation, tied": transformers.Phi3Config(
        **{**SHAPE, "max_position_embeddings": 256}, rope_theta=100.0, partial_rotary_factor=0.75,
        original_max_position_embeddings=32, tie_word_embeddings=True, sliding_window=200,
        rope_scaling=dict(type="longrope", short_factor=[1.0, 1.05, 1.2, 1.5, 2.0, 3.0],
                          long_factor=[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]),
    ),
}


def hashes(seed, count):
    """32-bit hashes of a tensor's flat indexes: MurmurHash3's finaliser over seed + index * 0x9E3779B1."""
    x = (numpy.arange(count, dtype=numpy.uint64) * 0x9E3779B1 + seed).astype(numpy.uint32)
    x ^= x >> numpy.uint32(16)
    x *= numpy.uint32(0x85EBCA6B)
    x ^= x >> numpy.uint32(13)
    x *= numpy.uint32(0xC2B2AE35)
    return x ^ (x >> numpy.uint32(16))


def value(name, shape):
    """A tensor's values: its name's FNV-1a hash is the seed."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    whole = (hashes(seed, int(numpy.prod(shape))) >> numpy.uint32(16)).astype(numpy.float64) - 32768
    base = 1.0 if "norm" in name else 0.0
    return torch.from_numpy((base + whole * 2.0**-18).astype(numpy.float32).reshape(shape))


def describe(config):
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    tensors = {}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(value(name, tuple(parameter.shape)))
            tensors[name] = list(parameter.shape)
        ids = (hashes(7, LENGTH) % numpy.uint32(SHAPE["vocab_size"] - 3) + 3).astype(numpy.int64)
        logits = model(torch.from_numpy(ids)[None]).logits[0]
    return {
        "config": {**json.loads(config.to_json_string()), "architectures": [type(model).__name__]},
        "tensors": tensors,
        "inverseFrequencies": [float(f"{x:.7g}") for x in model.model.rotary_emb.inv_freq.tolist()],
        "rotaryScale": model.model.rotary_emb.attention_scaling,
        "ids": ids.tolist(),
        "logits": {str(at): [float(f"{x:.7g}") for x in logits[at].tolist()] for at in POSITIONS},
    }


def lists_on_a_line(text):
    """json.dumps with an indent puts every number on a line of its own."""
    import re
    return re.sub(r"\[[^\[\]{}]*\]", lambda found: " ".join(found.group().split()), text)


torch.set_num_threads(1)
versions = {"torch": torch.__version__, "transformers": transformers.__version__}
models = {name: describe(config) for name, config in MODELS.items()}
sys.stdout.write(lists_on_a_line(json.dumps({"versions": versions, "models": models}, indent=1)) + "\n")
