"""Training: labels become heads, heads and an encoder become a model version. Needs the `train` extra."""

from cxnlp.classification.store import promote
from cxnlp.training.build import build_encoder
from cxnlp.training.train import TrainingReport, train_heads

__all__ = ["TrainingReport", "build_encoder", "promote", "train_heads"]
