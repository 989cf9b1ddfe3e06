"""Makes quantised.json: blocks of every GGUF type and what the Python package gguf unpacks them to.

The call that made the file, with gguf 0.19.0 and numpy 2.4.6:

    python make-quantised.py > quantised.json
"""

import hashlib
import json
import sys

import gguf
import numpy

TYPES = ["F32", "F16", "BF16", "F64", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q6_K"]
HALVES = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q6_K": [208]}
ROWS, COLUMNS = 3, 512
random = numpy.random.default_rng(20261124)


def packed(name):
    kind = gguf.GGMLQuantizationType[name]
    values, size = gguf.GGML_QUANT_SIZES[kind]
    if name in ("F32", "F64"):
        return (random.standard_normal((ROWS, 32)) * 0.1).astype({"F32": "<f4", "F64": "<f8"}[name]).view(numpy.uint8)
    if name in ("F16", "BF16"):
        # Every exponent, subnormal numbers included; not infinity, whose bits say little.
        return (random.integers(0, 65536, (ROWS, 32)).astype("<u2") & 0xBFFF).view(numpy.uint8)
    blocks = random.integers(0, 256, (ROWS, COLUMNS // values, size)).astype(numpy.uint8)
    for at in HALVES[name]:
        scale = (random.standard_normal(blocks.shape[:2]) * 10.0 ** random.integers(-6, 1, blocks.shape[:2])).astype("<f2")
        blocks[:, :, at : at + 2] = scale[..., None].view(numpy.uint8)
    return blocks.reshape(ROWS, -1)


def describe(name):
    raw = packed(name)
    kind = gguf.GGMLQuantizationType[name]
    if name == "F64":
        values = raw.view("<f8").astype(numpy.float32)
    else:
        values = gguf.dequantize(raw, kind).astype(numpy.float32)
    flat = numpy.ascontiguousarray(values).reshape(-1)
    return {
        "ggml": int(kind),
        "shape": list(values.shape),
        "bytes": raw.tobytes().hex(),
        "first": [float(x) for x in flat[:8]],
        "sha256": hashlib.sha256(flat.tobytes()).hexdigest(),
    }


json.dump({"gguf": "0.19.0", "types": {name: describe(name) for name in TYPES}}, sys.stdout, indent=1)
sys.stdout.write("\n")
