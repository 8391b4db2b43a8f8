"""The network that is fine-tuned: the encoder, and linear layers that speak of its pooled and of its token vectors.

Built like tagging: a text's vector is the mean over its tokens of four layers side by side, standardised. The linear
layers start from logistic regression on the base model's vectors. Started at random they do not come off: the raw
vectors share one large direction, and the first steps shake the encoder (emotion micro-F1 0.1-0.2 after two epochs).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from cxnlp.taxonomy import SENTIMENTS
from cxnlp.training.build import LAYERS
from cxnlp.training.packages import load_package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N_SENTIMENTS: Final = len(SENTIMENTS)
# Weights of the losses beside the sentiment's; not tuned.
LABELS_WEIGHT: Final = 0.25
TASKS_WEIGHT: Final = 0.075
EVIDENCE_WEIGHT: Final = 0.25
# Enough for the start, which fine-tuning then changes; not tuned.
START_STEPS: Final = 150
START_DECAY: Final = 3e-3


def make_network(bert: Any, n_own: int, n_tasks: int) -> Any:
    """A torch module around a transformers `BertModel`.

    Its forward pass takes the tensors that `cxnlp.training.examples.collate` makes and gives `loss`, a number, and
    `logits`, the scores of our own labels with the four sentiments first, shape (batch, n_own).

    Args:
        bert: The encoder, whose vectors are as wide as four of its layers side by side.
        n_own: How many labels of our own there are, sentiments included.
        n_tasks: How many labels the public tasks have together; may be 0.
    """
    torch = load_package("torch")
    width = bert.config.hidden_size * len(LAYERS)

    class Network(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            self.register_buffer("mean", torch.zeros(width))
            self.register_buffer("spread", torch.ones(width))
            self.own = torch.nn.Linear(width, n_own)
            self.tasks = torch.nn.Linear(width, max(1, n_tasks))
            self.evidence = torch.nn.Linear(width, n_own)

        def pool(self, input_ids: Any, attention_mask: Any, body: Any) -> tuple[Any, Any]:
            """Standardised vectors of texts (batch, width) and of tokens (batch, tokens, width)."""
            given = self.bert(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
            tokens = torch.cat([given.hidden_states[layer] for layer in LAYERS], dim=-1).float()
            tokens = (tokens - self.mean) / self.spread
            shares = body / body.sum(dim=1, keepdim=True)
            return (shares[..., None] * tokens).sum(dim=1), tokens

        def forward(
            self, input_ids: Any, attention_mask: Any, body: Any, own: Any, tasks: Any, evidence: Any
        ) -> dict[str, Any]:
            pooled, tokens = self.pool(input_ids, attention_mask, body)
            logits = self.own(pooled).float()
            loss = sentiment_loss(logits, own) + LABELS_WEIGHT * masked_loss(
                logits[:, N_SENTIMENTS:], own[:, N_SENTIMENTS:]
            )
            if tasks.shape[1]:
                loss = loss + TASKS_WEIGHT * masked_loss(self.tasks(pooled).float(), tasks)
            marked = (evidence >= 0).any(dim=-1)
            if marked.any():
                share = (evidence >= 0).flatten(1).any(dim=1).float().mean()
                loss = loss + EVIDENCE_WEIGHT * share * masked_loss(
                    self.evidence(tokens[marked]).float(), evidence[marked]
                )
            return {"loss": loss, "logits": logits}

    return Network()


def sentiment_loss(logits: Any, own: Any) -> Any:
    """Cross-entropy of the four sentiments, averaged over a batch; texts without a sentiment add nothing.

    Args:
        logits: Shape (batch, n_own), the sentiments first.
        own: 0 or 1, or -1 where a person was not asked; shape as `logits`.
    """
    torch = load_package("torch")
    wanted = own[:, :N_SENTIMENTS].clamp(min=0)
    return -(wanted * torch.log_softmax(logits[:, :N_SENTIMENTS], dim=1)).sum(dim=1).mean()


def masked_loss(logits: Any, wanted: Any) -> Any:
    """Binary cross-entropy summed over the labels that were asked for, averaged over the rows.

    Args:
        logits: Shape (n_rows, n_labels).
        wanted: 0 or 1, or -1 where it was not asked; the same shape.
    """
    torch = load_package("torch")
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted.clamp(min=0), reduction="none")
    return (each * (wanted >= 0)).sum(dim=1).mean()


def start_layers(network: Any, pooled: Any, own: Any, tasks: Any) -> None:
    """Standardise the vectors and fit the linear layers to the encoder as it is.

    Args:
        network: What `make_network` made.
        pooled: Raw vectors of the texts, shape (n_texts, width).
        own: Our labels of the same texts, shape (n_texts, n_own).
        tasks: The public tasks' labels, shape (n_texts, n_tasks).
    """
    torch = load_package("torch")
    with torch.no_grad():
        network.mean.copy_(pooled.mean(dim=0))
        network.spread.copy_(pooled.std(dim=0) + 1e-6)
        network.evidence.weight.zero_()
        network.evidence.bias.fill_(-3.0)
    standard = (pooled - network.mean) / network.spread
    _fit_layer(
        network.own,
        standard,
        lambda logits: (
            sentiment_loss(logits, own) + LABELS_WEIGHT * masked_loss(logits[:, N_SENTIMENTS:], own[:, N_SENTIMENTS:])
        ),
    )
    if tasks.shape[1]:
        _fit_layer(network.tasks, standard, lambda logits: TASKS_WEIGHT * masked_loss(logits, tasks))


def _fit_layer(layer: Any, vectors: Any, loss_of: Callable[[Any], Any]) -> None:
    torch = load_package("torch")
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=START_STEPS, line_search_fn="strong_wolfe")

    def closure() -> Any:
        optimiser.zero_grad()
        loss = loss_of(layer(vectors)) + START_DECAY / 2 * layer.weight.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)


def read_evidence(network: Any) -> NDArray[np.float32]:
    """Weights that score raw token vectors for each of our labels after the sentiments, shape (n_labels, width)."""
    weights: NDArray[np.float32] = (network.evidence.weight / network.spread)[N_SENTIMENTS:].detach().cpu().numpy()
    return weights
