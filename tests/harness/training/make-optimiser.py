"""Writes optimiser.json: learning rates as transformers 4.57.1 gives them, and steps of torch 2.9.1's AdamW behind clip_grad_norm_."""

import json
import math
import pathlib

import torch
from transformers.optimization import get_scheduler


def rates(name, steps, warmup, learning_rate, **kwargs):
    optimiser = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate)
    scheduler = get_scheduler(
        name, optimiser, num_warmup_steps=warmup, num_training_steps=steps, scheduler_specific_kwargs=kwargs or None
    )
    result = []
    for _ in range(steps):
        result.append(scheduler.get_last_lr()[0])
        optimiser.step()
        scheduler.step()
    return result


def adamw():
    a = torch.nn.Parameter(torch.tensor([[0.5, -1.0], [2.0, 0.25]]))
    b = torch.nn.Parameter(torch.tensor([1.0, -0.5, 0.125]))
    optimiser = torch.optim.AdamW([a, b], betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    initial = [a.flatten().tolist(), b.tolist()]
    gradients = [
        ([[0.1, -0.2], [0.3, 0.4]], [0.5, -0.6, 0.7]),
        ([[3.0, 0.5], [-2.0, 1.0]], [-4.0, 2.0, 0.25]),
        ([[0.01, 0.0], [0.02, -0.03]], [0.0, 0.04, 0.05]),
    ]
    steps = []
    for (of_a, of_b), learning_rate in zip(gradients, [1e-2, 3e-2, 2e-2]):
        a.grad, b.grad = torch.tensor(of_a), torch.tensor(of_b)
        norm = torch.nn.utils.clip_grad_norm_([a, b], 1.0).item()
        for group in optimiser.param_groups:
            group["lr"] = learning_rate
        optimiser.step()
        clipped, values = [[x.flatten().tolist() for x in pair] for pair in ((a.grad, b.grad), (a.detach(), b.detach()))]
        flat = [sum(of_a, []), of_b]
        steps.append(
            {"learningRate": learning_rate, "gradients": flat, "norm": norm, "clipped": clipped, "values": values}
        )
    return {"initial": initial, "steps": steps}


golden = {
    "learningRates": {
        "cosine": rates("cosine_with_min_lr", 12, math.ceil(12 * 0.2), 1e-4, min_lr=1e-5),
        "cosineWithoutWarmup": rates("cosine_with_min_lr", 5, 0, 1e-4, min_lr_rate=0.1),
        "constant": rates("constant_with_warmup", 6, 3, 5e-6),
    },
    "adamw": adamw(),
}
pathlib.Path(__file__).with_name("optimiser.json").write_text(json.dumps(golden, indent=2) + "\n")
