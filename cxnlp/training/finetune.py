"""Fine-tune the encoder on our own labels and the public tasks at once."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cxnlp.taxonomy import KINDS, SENTIMENTS
from cxnlp.training.calibrate import micro_f1
from cxnlp.training.examples import Example, collate
from cxnlp.training.fit import Report
from cxnlp.training.network import make_network, start_layers
from cxnlp.training.packages import load_package

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

EVALUATION_BATCH: Final = 64
# Enough texts for the linear layers to start from; all of them would take minutes.
START_TEXTS: Final = 6000
MASK_SIZE: Final = 1 << 23
INPUTS: Final = ("input_ids", "attention_mask", "body")
# A label is counted as given from this logit on: micro-F1 is best near a probability of 0.4. Only for early stopping.
GIVEN: Final = -0.4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to fine-tune.

    Attributes:
        epochs: Rounds over the training texts at most.
        batch: Texts in one step.
        encoder_rate: Highest learning rate of the encoder.
        layers_rate: Highest learning rate of the linear layers.
        warm_up: Share of the steps in which the rates rise; then they fall to zero on a straight line.
        decay: Weight decay.
        dropout: Share of numbers dropped between layers.
        lessons: Public texts to learn from beside our own, drawn evenly from the tasks, the same in each round. None by
            default: what they add beside our own labels has not been measured yet.
        patience: Rounds without a better validation score before it stops.
        seed: Of everything random.
    """

    epochs: int = 5
    batch: int = 32
    encoder_rate: float = 1e-4
    layers_rate: float = 5e-4
    warm_up: float = 0.06
    decay: float = 0.01
    dropout: float = 0.1
    lessons: int = 0
    patience: int = 3
    seed: int = 0


def fine_tune(
    bert: Any,
    train: Sequence[Example],
    validation: Sequence[Example],
    kinds: Sequence[str],
    padding: int,
    scratch: Path,
    recipe: Recipe,
    report: Report = lambda *_: None,
) -> Any:
    """The network with the best validation score, as `make_network` makes it.

    A run that was broken off goes on from its last finished round when it is started again with the same folder.

    Args:
        bert: A transformers `BertModel`; it is changed in place.
        train: What to learn from.
        validation: What to stop by; own labels only.
        kinds: Kind of each of our labels after the sentiments.
        padding: Token id that fills a batch.
        scratch: Folder for checkpoints, the best and the last one: up to 1.5 GB.
        recipe: How long and how fast.
        report: Told "tune", how many steps are done since the last time, and how many there are.
    """
    transformers = load_package("transformers")
    transformers.set_seed(recipe.seed)
    network = make_network(bert, len(train[0].own), len(train[0].tasks))
    _start(network, train, padding)
    _set_dropout(network, recipe.dropout)
    trainer = transformers.Trainer(
        model=network,
        args=_arguments(scratch, recipe, len(train)),
        data_collator=lambda rows: collate([row["example"] for row in rows], padding),
        train_dataset=_rows(train),
        eval_dataset=_rows(validation),
        compute_metrics=partial(_measure, kinds=np.array(kinds)),
        optimizers=(_optimiser(network, recipe), None),
        callbacks=[transformers.EarlyStoppingCallback(recipe.patience), _teller(report)],
    )
    trainer.remove_callback(transformers.trainer_callback.PrinterCallback)
    trainer.train(resume_from_checkpoint=_last_whole(scratch))
    logger.info("best validation score %.3f after %d steps", trainer.state.best_metric, trainer.state.best_global_step)
    return network.cpu().eval()


def _last_whole(scratch: Path) -> str | None:
    """The newest checkpoint, once those are cleared away that a run was broken off in the midst of."""
    for folder in scratch.glob("checkpoint-*"):
        if not (folder / "trainer_state.json").exists():
            shutil.rmtree(folder)
    whole = sorted(scratch.glob("checkpoint-*"), key=lambda folder: int(folder.name.rpartition("-")[2]))
    return str(whole[-1]) if whole else None


def _rows(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Rows that the trainer's sampler can group by the length of `input_ids`."""
    return [{"input_ids": example.ids, "example": example} for example in examples]


def _start(network: Any, train: Sequence[Example], padding: int) -> None:
    torch = load_package("torch")
    drawn = np.random.default_rng(0).permutation(len(train))[:START_TEXTS]
    train = [train[i] for i in drawn]
    pooled = torch.empty(len(train), len(network.mean))
    by_length = sorted(range(len(train)), key=lambda i: len(train[i].ids))
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=_has_short_floats(torch)):
        for start in range(0, len(train), EVALUATION_BATCH):
            chosen = by_length[start : start + EVALUATION_BATCH]
            batch = collate([train[i] for i in chosen], padding)
            pooled[chosen] = network.pool(*(batch[name] for name in INPUTS))[0]
    own, tasks = (torch.from_numpy(np.stack([getattr(one, name) for one in train])) for name in ("own", "tasks"))
    start_layers(network, pooled, own, tasks)


def _set_dropout(network: Any, share: float) -> None:
    """Drop numbers between layers but no attention, whose random numbers would take a third of the time on a CPU."""
    torch = load_package("torch")
    on_gpu = torch.cuda.is_available()
    kept = (torch.rand(MASK_SIZE) >= share).to(torch.float32) / (1 - share)

    class PooledDropout(torch.nn.Module):  # type: ignore[misc, name-defined]
        """Dropout by a stretch of one long random mask: torch draws random numbers on a single thread."""

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("kept", kept, persistent=False)

        def forward(self, values: Any) -> Any:
            if not self.training:
                return values
            if values.numel() >= MASK_SIZE:
                return torch.nn.functional.dropout(values, share)
            start = int(torch.randint(MASK_SIZE - values.numel(), ()))
            mask = self.kept[start : start + values.numel()].view(values.shape)
            return values * mask.to(values.dtype)

    for name, module in network.bert.named_modules():
        if isinstance(getattr(module, "dropout", None), torch.nn.Dropout):
            if name.endswith("attention.self"):
                module.dropout.p = 0.0
            elif on_gpu:
                module.dropout.p = share
            else:
                module.dropout = PooledDropout()


def _optimiser(network: Any, recipe: Recipe) -> Any:
    encoder = list(network.bert.parameters())
    layers = [weights for name, weights in network.named_parameters() if not name.startswith("bert.")]
    return load_package("torch").optim.AdamW(
        [{"params": encoder, "lr": recipe.encoder_rate}, {"params": layers, "lr": recipe.layers_rate}],
        weight_decay=recipe.decay,
        betas=(0.9, 0.98),
        eps=1e-6,
        fused=True,
    )


def _arguments(scratch: Path, recipe: Recipe, n_train: int) -> Any:
    torch, transformers = load_package("torch"), load_package("transformers")
    steps = recipe.epochs * -(-n_train // recipe.batch)
    on_gpu = torch.cuda.is_available()
    return transformers.TrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=EVALUATION_BATCH,
        train_sampling_strategy="group_by_length",
        warmup_steps=int(recipe.warm_up * steps),
        lr_scheduler_type="linear",
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        restore_callback_states_from_checkpoint=True,
        metric_for_best_model="score",
        bf16=torch.cuda.is_bf16_supported() if on_gpu else _has_short_floats(torch),
        fp16=on_gpu and not torch.cuda.is_bf16_supported(),
        use_cpu=not on_gpu,
        seed=recipe.seed,
        label_names=["own"],
        remove_unused_columns=False,
        dataloader_pin_memory=on_gpu,
        report_to=[],
        logging_strategy="no",
        disable_tqdm=True,
    )


def _has_short_floats(torch: Any) -> bool:
    """Whether the processor computes with 16-bit floats, which halves the time; without, they are slower than 32."""
    capabilities: dict[str, bool] = torch.cpu.get_capabilities()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def _measure(evaluated: Any, kinds: NDArray[np.str_]) -> dict[str, float]:
    """Sentiment accuracy and micro-F1 of each kind, and their mean as `score`."""
    logits, own = evaluated.predictions, evaluated.label_ids
    n = len(SENTIMENTS)
    measured = {"sentiment": float((logits[:, :n].argmax(axis=1) == own[:, :n].argmax(axis=1)).mean())}
    given, said = logits[:, n:] > GIVEN, own[:, n:] > 0
    for kind in KINDS:
        columns = kinds == kind
        measured[kind] = micro_f1(given[:, columns], said[:, columns])
    return {**measured, "score": float(np.mean(list(measured.values())))}


def _teller(report: Report) -> Any:
    transformers = load_package("transformers")

    class Teller(transformers.TrainerCallback):  # type: ignore[misc, name-defined]
        """Passes progress on, and the validation scores to the log."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step:
                report("tune", state.global_step, state.max_steps)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            report("tune", 1, state.max_steps)

        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: dict[str, float], **_: Any) -> None:
            scores = ", ".join(f"{kind} {metrics[f'eval_{kind}']:.3f}" for kind in ("sentiment", *KINDS, "score"))
            logger.info("round %.0f of %d: %s", state.epoch, args.num_train_epochs, scores)

    return Teller()
