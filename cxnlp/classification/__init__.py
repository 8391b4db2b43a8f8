"""Classification: prepared texts become taggings."""

from cxnlp.classification.store import StoredModel, list_models, open_tagger, verify
from cxnlp.classification.tagger import Tagger

__all__ = ["StoredModel", "Tagger", "list_models", "open_tagger", "verify"]
