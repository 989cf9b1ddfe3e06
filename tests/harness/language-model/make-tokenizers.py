"""Makes tokenizers.json: small vocabularies and what tokenizers and sentencepiece make of some texts.

The call that made the file, with tokenizers 0.22.2 and sentencepiece 0.2.3:

    python make-tokenizers.py > tokenizers.json

The byte-level vocabulary is trained without cutting at words, so its merges cross every boundary that a pre-tokenizer should keep.
"""

import io
import json
import sys

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
WORDS = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|"

TEXTS = [
    "Hello, world!", " leading", "trailing ", "two  spaces   three", "a\nb\n\nc\r\nd", "tab\tand\u00a0no-break\u3000wide",
    "It's we'll I'M they'VE don't 'tis", "1 12 123 1234 12345", "in 1984, 3.14 and 1,000,000", "x2y3 H2O", "²½Ⅻ١٢٣ 7",
    "naïve café Ångström", "東京は日本の首都です。", "привет МИР", "emoji 🙂👍🏽 done", "CamelCase HTTPServer iPhone",
    "path/to/file\n//comment\n", "... ?! -- (x) [y] {z}", "\u200bzero\ufeffwidth\u2060joiner", "e\u0301 combining",
    "\u0085next line", "<s> not special", "   \n   \n", "def f(x):\n    return x + 1\n", "a<end>b <end> c", "<end><end>",
]
CORPUS = TEXTS * 3 + [
    "The history of the world is 12 stories, each with 3 or 4 ends. It's 1984 and they're there's nothing else than the end of the line.",
    "Paris is the capital of France; London is the capital of England.\nThe capital is the seat of the government.",
]
PRE = {
    "gpt-2": (None, pre_tokenizers.ByteLevel(add_prefix_space=False)),
    "smollm": (None, pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])),
    "llama-bpe": (None, WORDS + r"\p{N}{1,3}" + TAIL),
    "qwen2": (normalizers.NFC(), WORDS + r"\p{N}" + TAIL),
    "gpt-4o": (None, O200K),
}


def trained():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=["<end>"], initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return json.loads(tokenizer.to_str())


def byte_level(base):
    cases = {}
    for name, (normalizer, how) in PRE.items():
        tokenizer = Tokenizer.from_str(json.dumps(base))
        tokenizer.model.ignore_merges = name == "llama-bpe"
        if normalizer:
            tokenizer.normalizer = normalizer
        if isinstance(how, str):
            how = pre_tokenizers.Sequence([
                pre_tokenizers.Split(Regex(how), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ])
        tokenizer.pre_tokenizer = how
        tokenizer.decoder = decoders.ByteLevel()
        ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
        described = json.loads(tokenizer.to_str())
        del described["model"], described["added_tokens"]
        cases[name] = {"json": described, "ids": ids, "decoded": [tokenizer.decode(each, skip_special_tokens=False) for each in ids]}
    return cases


def sentence_piece():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=420, model_type="bpe", byte_fallback=True, character_coverage=0.98,
        normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, split_digits=True,
        num_threads=1, minloglevel=2, allow_whitespace_only_pieces=True,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    size = processor.get_piece_size()
    kinds = [2 if processor.is_unknown(i) else 3 if processor.is_control(i) else 6 if processor.is_byte(i) else 1 for i in range(size)]
    # Control tokens are not parsed from text by sentencepiece, and decode() of a leading space differs: the texts leave both out.
    texts = [text for text in TEXTS if "<" not in text]
    ids = [processor.encode(text) for text in texts]
    return {
        "tokens": [processor.id_to_piece(i) for i in range(size)],
        "scores": [processor.get_score(i) for i in range(size)],
        "types": kinds,
        "texts": texts,
        "ids": ids,
    }


base = trained()
json.dump(
    {
        "tokenizers": "0.22.2", "sentencepiece": "0.2.3", "texts": TEXTS,
        "byteLevel": {"model": base["model"], "added_tokens": base["added_tokens"], "cases": byte_level(base)},
        "sentencePiece": sentence_piece(),
    },
    sys.stdout, ensure_ascii=True,
)
sys.stdout.write("\n")
