"""The work of a nano row of the bench in PyTorch and transformers: nano.py WORK MODEL REPETITIONS prints one JSON line.

WORK is a folder with work.json (token ids; see nano-work.ts) and start.safetensors (adapters and embeddings of the special tokens), MODEL nano's folder.
Attention is scaled_dot_product_attention, without a mask where causality alone hides the padding; the output head runs on the rows that need it.
"""
import json, os, resource, sys, time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM

WARM_UP = 2
folder, model_folder, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
work = json.load(open(os.path.join(folder, "work.json")))
start = load_file(os.path.join(folder, "start.safetensors"))
torch.set_num_threads(os.cpu_count())
net = AutoModelForCausalLM.from_pretrained(model_folder, torch_dtype=torch.float32, attn_implementation="sdpa").eval()
net.requires_grad_(False)
start = {name: value.float().requires_grad_(name in work["trained"]) for name, value in start.items()}
params = [start[name] for name in work["trained"]]
active = None


class Lora(torch.nn.Module):
    def __init__(self, base, name):
        super().__init__()
        self.base, self.name = base, name

    def forward(self, x):
        a = start.get(f"{active}.{self.name}.lora_A.weight")
        if a is None:
            return self.base(x)
        return self.base(x) + work["scale"] * F.linear(F.linear(x, a), start[f"{active}.{self.name}.lora_B.weight"])


for name, module in list(net.named_modules()):
    if isinstance(module, torch.nn.Linear) and ".layers." in name:
        parent, child = name.rsplit(".", 1)
        setattr(net.get_submodule(parent), child, Lora(module, name))


def table():
    """Embeddings of all tokens, the special ones behind the vocabulary; nano's output head is the same."""
    special = [start[name] for name in ("memory_embeddings", "special_embeddings") if name in start]
    return torch.cat([net.get_input_embeddings().weight, *special])


def padded(rows, left=False):
    longest = max(map(len, rows))
    fill = [[0] * (longest - len(row)) for row in rows]
    return torch.tensor([f + row if left else row + f for row, f in zip(rows, fill)])


def hidden(x, adapter, **options):
    global active
    active = adapter
    return net.model(inputs_embeds=x, **options)


def spread(document):
    n, m = len(document["ids"]), document["count"]
    return [*range(n), *(int((j + 1) * (n - 1) / m + 0.5) for j in range(m))]


def encode(documents, adapter):
    """Hidden states of the memory tokens, one document after the other, and the alignment loss."""
    first = work["firstMemory"]
    ids = padded([d["ids"] + list(range(first, first + d["count"])) for d in documents])
    positions = padded([spread(d) for d in documents])
    # With a mask of ones the positions are not taken for those of packed sequences; it costs nothing.
    states = hidden(F.embedding(ids, table()), adapter, position_ids=positions, attention_mask=torch.ones_like(ids)).last_hidden_state
    vectors, differences = [], []
    for row, d in zip(states, documents):
        n = len(d["ids"])
        vectors.append(row[n : n + d["count"]])
        differences.append(row[:n].mean(0) - vectors[-1].mean(0))
    return vectors, torch.stack(differences).square().mean()


def with_vectors(ids, vectors):
    """Embeddings of prompts in which memory tokens stand for vectors."""
    x = F.embedding(ids, table()).clone()
    memory = (ids >= work["firstMemory"]) & (ids < work["firstMemory"] + work["memory"])
    x[memory] = vectors
    return x


def answer_loss(x, sequences, adapter):
    places = torch.tensor([[s, i] for s, q in enumerate(sequences) for i, wanted in enumerate(q["targets"]) if wanted])
    labels = torch.tensor([sequences[s]["ids"][i] for s, i in places.tolist()])
    states = hidden(x, adapter).last_hidden_state[places[:, 0], places[:, 1] - 1]
    return F.cross_entropy(F.linear(states, table()), labels)


def text_loss():
    sequences = work["sequences"]
    return answer_loss(F.embedding(padded([q["ids"] for q in sequences]), table()), sequences, "decoder_adapter")


def clara_loss():
    vectors, alignment = encode(work["documents"], "encoder_adapter")
    prompts = work["sequences"]
    x = with_vectors(padded([q["ids"] for q in prompts]), torch.cat(vectors))
    return answer_loss(x, prompts, "decoder_adapter") + work["alignment"] * alignment


def generate(prompts, adapter, vectors=None):
    """Greedy, with a cache; prompts are padded on the left. Token ids of each answer."""
    ids = padded(prompts, left=True)
    lengths = torch.tensor([len(p) for p in prompts])
    mask = (torch.arange(ids.shape[1]) >= ids.shape[1] - lengths[:, None]).long()
    x = F.embedding(ids, table()) if vectors is None else with_vectors(ids, vectors)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    out = hidden(x, adapter, attention_mask=mask, position_ids=positions, use_cache=True)
    new = []
    while True:
        new.append(F.linear(out.last_hidden_state[:, -1], table()).argmax(-1))
        if len(new) == work["newTokens"]:
            break
        mask = F.pad(mask, (0, 1), value=1)
        step = F.embedding(new[-1], table())[:, None]
        positions = positions[:, -1:] + 1
        out = hidden(step, adapter, attention_mask=mask, position_ids=positions, past_key_values=out.past_key_values, use_cache=True)
    return torch.stack(new, 1).tolist()


@torch.no_grad()
def text_answers():
    prompts = work["prompts"]
    return [row for at in range(0, len(prompts), work["batch"]) for row in generate(prompts[at : at + work["batch"]], None)]


@torch.no_grad()
def clara_answers():
    documents = torch.stack(encode(work["documents"], "encoder_adapter")[0]).flatten(1)
    questions = torch.stack(encode(work["questions"], "query_reasoner_adapter")[0]).flatten(1)
    candidates = documents[torch.tensor(work["candidates"])]
    scores = F.cosine_similarity(questions[:, None], candidates, dim=-1)
    best = scores.topk(work["k"], dim=1).indices
    chosen = candidates.gather(1, best[:, :, None].expand(-1, -1, candidates.shape[-1]))
    return generate(work["prompts"], "decoder_adapter", chosen.reshape(-1, net.config.hidden_size))


optimiser = torch.optim.AdamW(params, lr=work["learningRate"], betas=(0.9, 0.95), eps=1e-8, weight_decay=0) if params else None


def step(loss_of):
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    optimiser.step()
    return loss.item()


run = {
    "text-step": lambda: step(text_loss),
    "clara-step": lambda: step(clara_loss),
    "text-answers": text_answers,
    "clara-answers": clara_answers,
}[work["kind"]]
results, walls, cpu = [], [], 0.0
for i in range(WARM_UP + repetitions):
    wall, used = time.perf_counter(), time.process_time()
    results.append(run())
    if i >= WARM_UP:
        walls.append(time.perf_counter() - wall)
        cpu += time.process_time() - used
if work["kind"].endswith("answers"):
    tokenizer = Tokenizer.from_file(os.path.join(model_folder, "tokenizer.json"))
    ends = set(work["endIds"])
    cut = lambda ids: ids[: next((i for i, token in enumerate(ids) if token in ends), len(ids))]
    results = [tokenizer.decode(cut(ids)) for ids in results[-1]]
print(json.dumps({
    "values": [work["units"] / wall for wall in walls],
    "cpu": cpu / sum(walls),
    "peakMemory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "results": results,
}))
