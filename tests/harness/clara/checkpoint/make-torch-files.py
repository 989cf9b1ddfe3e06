"""Makes the .pth files of this folder and what is in them (torch 2.9.1): python make-torch-files.py"""

import collections, json, pathlib, torch

here = pathlib.Path(__file__).parent
torch.manual_seed(7)
base = torch.randn(6, 4)
metadata = torch.nn.Linear(2, 2).state_dict()
content = collections.OrderedDict(
    float32=base,
    float16=torch.randn(3, 5).half(),
    bfloat16=torch.randn(3, 5).bfloat16(),
    float64=torch.randn(2, 3).double(),
    transposed=base.T,
    part=base[2:5, 1:3],
    every_second=torch.randn(4, 2, 6)[::2, :, 1::3],
    scalar=torch.tensor(1.5),
    empty=torch.empty(0, 4),
    parameter=torch.nn.Parameter(torch.randn(2, 2)),
    plain={"text": "größer 😀", "whole": [1, -2, 70000, -(2**31), 2**40, -(2**40)], "float": 0.1, "truth": (True, False, None)},
    nested={"state": metadata},
)
torch.save(content, here / "tensors.pth")
tensors = {name: value.detach() for name, value in content.items() if isinstance(value, torch.Tensor)}
expected = {name: {"shape": list(t.shape), "values": t.float().flatten().tolist()} for name, t in tensors.items()}
expected["nested.state.weight"] = {"shape": [2, 2], "values": metadata["weight"].flatten().tolist()}
(here / "tensors.json").write_text(json.dumps(expected) + "\n")
torch.save({"a": torch.ones(2)}, here / "before-1.6.pth", _use_new_zipfile_serialization=False)
torch.save({"ids": torch.arange(3)}, here / "whole-numbers.pth")
