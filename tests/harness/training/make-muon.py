"""Writes muon.json: steps of torch 2.9.1's Muon, whose Newton-Schulz iteration is left in float32 here (torch rounds it to bfloat16)."""

import inspect
import json
import pathlib

import torch
import torch.optim._muon as module

source = inspect.getsource(module._zeropower_via_newtonschulz)
assert "grad.bfloat16()" in source
exec(source.replace("grad.bfloat16()", "grad.clone()"), module.__dict__)

generator = torch.Generator().manual_seed(5)
shapes = [[4, 4], [6, 3], [3, 6], [4, 4]]
parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in shapes]
optimiser = torch.optim.Muon(parameters, weight_decay=0.1, momentum=0.95, nesterov=True, ns_steps=5)
flat = lambda tensors: [[round(each, 8) for each in tensor.flatten().tolist()] for tensor in tensors]
golden = {"shapes": shapes, "initial": flat([p.detach() for p in parameters]), "steps": []}
with torch.no_grad():
    for parameter, values in zip(parameters, golden["initial"]):
        parameter.copy_(torch.tensor(values).reshape(parameter.shape))
for learning_rate in [2e-2, 1e-2, 3e-2]:
    gradients = flat([torch.randn(shape, generator=generator) for shape in shapes])
    for parameter, values in zip(parameters, gradients):
        parameter.grad = torch.tensor(values).reshape(parameter.shape)
    for group in optimiser.param_groups:
        group["lr"] = learning_rate
    optimiser.step()
    golden["steps"].append(
        {"learningRate": learning_rate, "gradients": gradients, "values": flat([p.detach() for p in parameters])}
    )
pathlib.Path(__file__).with_name("muon.json").write_text(json.dumps(golden) + "\n")
