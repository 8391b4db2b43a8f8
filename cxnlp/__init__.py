"""cxnlp reads Finnish and English feedback and turns it into knowledge an organisation can act on."""

__version__ = "0.1.0"
