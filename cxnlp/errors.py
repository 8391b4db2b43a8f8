"""What can go wrong, grouped by what the caller does next.

    CxnlpError
    ├── ConfigurationError   fix the settings or the command, then run again
    ├── DataError            the input as a whole cannot be read: repair or replace it
    ├── ModelNotFound        no usable model is stored where the settings point: build, train or check it out
    └── Unavailable          a lock, a full disk, an outage: try again later, nothing is lost

A record that cannot be used is no error but a value: `cxnlp.records.Rejection`.

Messages say what happened, what is allowed and what to do next. They never show feedback text, a password or a
raw validation input.
"""


class CxnlpError(Exception):
    """Base of every error that cxnlp raises on purpose."""


class ConfigurationError(CxnlpError):
    """A setting, an option or an argument is not usable as given."""


class DataError(CxnlpError):
    """An input as a whole cannot be read or does not hold what is needed."""


class ModelNotFound(CxnlpError):
    """No usable model is stored under that name and version."""


class Unavailable(CxnlpError):
    """Something needed is out of reach for now; the same call may succeed later."""
