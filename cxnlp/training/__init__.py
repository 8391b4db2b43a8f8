"""Training: labels become heads, heads and an encoder become a model version. Needs the `train` extra."""

from cxnlp.classification.store import promote
from cxnlp.training.build import build_encoder
from cxnlp.training.finetune import Recipe
from cxnlp.training.train import TrainingReport, score_model, train_heads
from cxnlp.training.tune import train_encoder

__all__ = ["Recipe", "TrainingReport", "build_encoder", "promote", "score_model", "train_encoder", "train_heads"]
