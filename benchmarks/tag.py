"""Speed, memory and linearity of `cxnlp tag`, with the same model one text at a time in fp32 beside it.

Usage: python benchmarks/tag.py [TEXTS.jsonl.gz]

The texts are real English reviews where ../shared/data/fabsa.jsonl.gz (or the file named) is at hand, else our own
labelled corpus. Sizes beyond the file repeat it with other ids. The fp32 model is built once from the training extra's
package into data/cache. Fails below 150 texts/s, above 1 GiB, or when 50,000 texts cost over 1.3 times as much each as
8,000 do.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).parent.parent
FABSA = ROOT.parent / "shared" / "data" / "fabsa.jsonl.gz"
OWN = sorted((ROOT / "data" / "labels").glob("labelled_written*.jsonl.gz"))

LEAST_TEXTS_A_SECOND = 150
MOST_MEMORY_MIB = 1024
MOST_GROWTH = 1.3
SIZES = (1_000, 8_000, 50_000)
ONE_BY_ONE = 200


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of the program: texts, seconds of wall time and peak resident memory in MiB."""

    texts: int
    seconds: float
    memory_mib: float


def read_texts(files: list[Path]) -> list[str]:
    """The texts of gzipped JSON Lines."""
    return [json.loads(line)["text"] for file in files for line in gzip.open(file, "rt", encoding="utf-8")]


def tag_texts(texts: Iterator[str], count: int, folder: Path) -> Measurement:
    """Run the program on that many texts, in a process of its own."""
    source = folder / f"{count}.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(islice(texts, count)):
            stream.write(json.dumps({"id": str(number), "text": text}) + "\n")
    command = [sys.executable, "-m", "cxnlp", "tag", str(source), "--output", str(folder / "out.jsonl")]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"cxnlp tag failed on {count} texts")
    return Measurement(count, seconds, usage.ru_maxrss / 1024)


def tag_one_by_one(texts: list[str]) -> float:
    """Texts a second of the same model in fp32, one text at a time on both cores."""
    from cxnlp.classification import Tagger
    from cxnlp.classification.encoder import Encoder
    from cxnlp.classification.heads import load_heads
    from cxnlp.classification.store import MODEL, TOKENIZER, find_model
    from cxnlp.preparation import Preparation
    from cxnlp.records import Landed
    from cxnlp.training import build_encoder

    live = find_model(ROOT / "models")
    whole = ROOT / "data" / "cache" / f"{live.name}-{live.version}-fp32"
    if not (whole / MODEL).exists():
        build_encoder(whole, vocabulary=live.folder / TOKENIZER, labels=ROOT / "data" / "labels", precision="fp32")
    encoder = Encoder(whole / MODEL, whole / TOKENIZER, workers=1, threads=2)
    tagger = Tagger(encoder, load_heads(live.folder), live.model_version)
    prepared = Preparation().prepare([Landed(str(n), "", text, None, None) for n, text in enumerate(texts)])
    start = time.perf_counter()
    for one in tqdm(prepared, desc="one by one", disable=None):
        tagger.tag([one])
    return len(texts) / (time.perf_counter() - start)


def main() -> int:
    """Measure, print, and say by the exit status whether the limits are kept."""
    files = [Path(sys.argv[1])] if len(sys.argv) > 1 else [FABSA] if FABSA.exists() else OWN
    texts = read_texts(files)
    with tempfile.TemporaryDirectory() as folder:
        runs = [tag_texts(cycle(texts), size, Path(folder)) for size in tqdm(SIZES, desc="sizes", disable=None)]
    for run in runs:
        print(
            f"{run.texts:>6} texts: {run.seconds:7.1f} s, {run.texts / run.seconds:6.0f}/s, {run.memory_mib:5.0f} MiB"
        )
    small, middle, large = runs
    started = small.seconds - small.texts * (large.seconds - small.seconds) / (large.texts - small.texts)
    growth = (large.seconds - started) / large.texts / ((middle.seconds - started) / middle.texts)
    single = tag_one_by_one(texts[:ONE_BY_ONE])
    rate = large.texts / large.seconds
    memory = max(run.memory_mib for run in runs)
    print(f"cost per text, 50,000 against 8,000: {growth:.2f} (limit {MOST_GROWTH})")
    print(f"fp32 one text at a time: {single:.0f} texts/s; in batches of int8: {rate / single:.1f} times as fast")
    print(f"peak memory {memory:.0f} MiB (limit {MOST_MEMORY_MIB} MiB)")
    print(f"{files[0].name}: {rate:.0f} texts/s (at least {LEAST_TEXTS_A_SECOND})")
    return int(rate < LEAST_TEXTS_A_SECOND or memory > MOST_MEMORY_MIB or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
