"""Repair of broken text: mojibake, HTML, control and zero-width characters, white space."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

# Mojibake needs a character outside this set: ftfy's badness patterns name none of these, alone or next to each other.
_HARMLESS: Final = re.compile("[\n -~äöåéÖ\u2019\u2013\u2026\U0001f300-\U0001faff]*").fullmatch

_EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_INVISIBLE: Final = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]"
    "|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
    "|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f]"
    "|[\u3164\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3]"
    "|[\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
    f"|(?<![{_EMOJI}])[\ufe0e\ufe0f](?!\u20e3)"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]").search
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_NESTED_AMPERSAND: Final = re.compile(r"&(?:amp;|#0*38;|#x0*26;)+", re.IGNORECASE)
_HIDDEN_ELEMENT: Final = re.compile(
    r"<(script|style)\b[^<>]{0,300}>.{0,5000}?</\1\s*>|<!--.{0,5000}?-->", re.IGNORECASE | re.DOTALL
)
_BREAKING_TAGS: Final = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|legend|li"
    "|main|nav|ol|option|p|pre|section|select|table|tbody|td|tfoot|th|thead|tr|ul"
)
_INLINE_TAGS: Final = (
    "a|abbr|acronym|area|audio|b|base|bdi|bdo|big|body|button|canvas|caption|center|cite|code|col|colgroup|data|del"
    "|details|dfn|dir|em|embed|font|frame|frameset|head|html|i|iframe|img|input|ins|kbd|label|link|map|mark|meta|meter"
    "|noscript|o:p|object|output|param|picture|progress|q|s|samp|script|small|source|span|strike|strong|style|sub"
    "|summary|sup|svg|template|textarea|time|title|track|tt|u|var|video|wbr"
)
_TAG: Final = re.compile(
    rf"</?(?:(?P<breaking>{_BREAKING_TAGS})|{_INLINE_TAGS})"
    r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""",
    re.IGNORECASE,
)
_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES: Final = re.compile("(?:[^\\S\n]|\u2800)+")
_BREAKS: Final = re.compile(" ?\n ?")
_EMPTY_LINES: Final = re.compile("\n{3,}")


def repair(text: str) -> str:
    """Give the text its author meant: readable letters, no mark-up, nothing invisible, tidy white space.

    Mojibake is decoded, HTML entities and tags become text (`<br>` and `<p>` a line break; "<3" and "a < b" stay),
    letters are composed (NFC), control and zero-width characters go (joiners inside emoji stay), lone surrogates
    become U+FFFD, runs of spaces become one, and line ends become a line feed, at most two in a row. Quotation marks,
    ligatures, full-width letters and the author's own spelling are left alone, since a reader sees them as meant.
    Repairing twice changes nothing more.
    """
    if _is_sound(text):
        return text
    # Each step shortens the text or settles it, so the loop ends; one step may uncover work for another.
    while (better := _repair_once(text)) != text:
        text = better
    return text


def _is_sound(text: str) -> bool:
    """Whether repair would surely change nothing; may be False for sound text."""
    return (
        text.isprintable()
        and "  " not in text
        and "<" not in text
        and "&" not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or _HARMLESS(text) is not None)
    )


def _repair_once(text: str) -> str:
    if _SURROGATE(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if not text.isascii() and not _HARMLESS(text):
        text = _decode_mojibake(text)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), _NESTED_AMPERSAND.sub("&", text))
    if "<" in text:
        text = _TAG.sub(lambda tag: "\n" if tag["breaking"] else "", _HIDDEN_ELEMENT.sub(" ", text))
    return _tidy(unicodedata.normalize("NFC", text))


def _decode_mojibake(text: str) -> str:
    from ftfy import fix_text
    from ftfy.badness import is_bad

    return str(fix_text(text, _mojibake_only())) if is_bad(text) else text


@cache
def _mojibake_only() -> TextFixerConfig:
    """The other fixers of ftfy are off: they straighten quotes and widths that carry the author's meaning."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


def _tidy(text: str) -> str:
    if not text.isprintable() or not text.isascii():
        text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _EMPTY_LINES.sub("\n\n", _BREAKS.sub("\n", text))
    return text.strip()
