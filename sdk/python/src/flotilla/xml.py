"""Data of work items: reads XML that somebody else wrote, safely, and writes results with the right escapes.

Data is one element, named as the task's decomposition, with one child for each parameter::

    <Answer><Question>What is it?</Question></Answer>
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn, TypeAlias
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from flotilla.errors import XmlError

#: What can be written: texts, numbers, truths, moments; a mapping as the children of an element; a sequence as the
#: same element several times; None as no element at all; an :class:`~xml.etree.ElementTree.Element` as it is.
Value: TypeAlias = "Plain | Element | Mapping[str, Value] | Sequence[Value] | None"
#: What is written as the text of an element.
Plain: TypeAlias = str | bool | int | float | Decimal | datetime | date | time

#: Bytes of a document: more than a server takes.
BYTES_MAX = 16 * 1024 * 1024
#: Elements within elements: deeper than any data type of people.
DEPTH_MAX = 256
#: Elements of a document: an element costs some hundred bytes of memory, an empty one four in the text.
ELEMENTS_MAX = 1_000_000

_NAME = re.compile(r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?\Z")
#: What XML 1.0 cannot carry, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A carriage return that is not escaped comes out of a parser as a line feed.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def parse(text: str) -> Element:
    """Reads a document into an :class:`~xml.etree.ElementTree.Element`.

    A document type declaration is refused, and with it every entity that could expand or reach outside; size,
    depth and number of elements are bounded.

    Raises:
        XmlError: the text is no XML, or breaks one of these rules.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise XmlError(f"the text cannot be encoded: {error.reason}") from error
    if len(data) > BYTES_MAX:
        raise XmlError(f"the document has {len(data)} bytes, {BYTES_MAX} at most")
    tree = TreeBuilder()
    reader = _Reader(tree)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = tree.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlError(f"no XML: {error}") from error
    return tree.close()


class _Reader:
    """Builds the tree, and counts."""

    def __init__(self, tree: TreeBuilder) -> None:
        self._tree = tree
        self._depth = 0
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEPTH_MAX:
            raise XmlError(f"<{name}>: more than {DEPTH_MAX} elements within each other")
        if self._elements > ELEMENTS_MAX:
            raise XmlError(f"more than {ELEMENTS_MAX} elements")
        self._tree.start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(name)


def _refuse_doctype(name: str, *_ids: object) -> NoReturn:
    raise XmlError(f"<!DOCTYPE {name}>: document type declarations are not read")


def text_of(element: Element, path: str) -> str:
    """The text of the element at `path` below `element`, such as ``Claim/Number``; empty if it is empty.

    Raises:
        XmlError: there is no such element.
    """
    found = element.find(path)
    if found is None:
        raise XmlError(f"<{element.tag}> has no {path}")
    return "".join(found.itertext())


def integer_of(element: Element, path: str) -> int:
    """The integer at `path`, as XML Schema writes them.

    Raises:
        XmlError: there is no such element, or it holds something else.
    """
    text = text_of(element, path).strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,1000}", text):
        raise XmlError(f"{path}: {text[:40]!r} is no integer")
    return int(text)


def boolean_of(element: Element, path: str) -> bool:
    """The truth at `path`: ``true``, ``false``, ``1`` or ``0``.

    Raises:
        XmlError: there is no such element, or it holds something else.
    """
    text = text_of(element, path).strip()
    if text not in ("true", "false", "1", "0"):
        raise XmlError(f"{path}: {text[:40]!r} is neither true nor false")
    return text in ("true", "1")


def write(root: str, values: Mapping[str, Value]) -> str:
    """Writes a result: the element `root` with one child for each entry of `values`, in their order.

    >>> write("Answer", {"Reply": "less < more", "Sure": True, "Note": None, "Tag": ["a", "b"]})
    '<Answer><Reply>less &lt; more</Reply><Sure>true</Sure><Tag>a</Tag><Tag>b</Tag></Answer>'

    Raises:
        XmlError: a name is none, a text has characters that XML cannot carry, or a value is of a type that has no form
            in XML. The message names the place.
    """
    parts: list[str] = []
    _write(parts, root, values, root)
    return "".join(parts)


def _write(parts: list[str], name: str, value: Value, place: str) -> None:
    if value is None:
        return
    if place.count("/") > DEPTH_MAX:
        raise XmlError(f"{place[:200]}...: more than {DEPTH_MAX} elements within each other")
    if not _NAME.match(name):
        raise XmlError(f"{place}: {name!r} cannot be the name of an element")
    if isinstance(value, Element):
        parts.append(tostring(value, encoding="unicode"))
    elif isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for child, inner in value.items():
            _write(parts, child, inner, f"{place}/{child}")
        parts.append(f"</{name}>")
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        for index, inner in enumerate(value):
            if isinstance(inner, Sequence) and not isinstance(inner, str):
                raise XmlError(f"{place}[{index}]: a sequence within a sequence has no form in XML")
            _write(parts, name, inner, f"{place}[{index}]")
    else:
        parts.append(f"<{name}>{_text(value, place)}</{name}>")


def _text(value: object, place: str) -> str:
    match value:
        case str():
            text = value
        case bool():
            text = "true" if value else "false"
        case int():
            text = str(value)
        case float():
            text = repr(value) if math.isfinite(value) else _infinite(value)
        case Decimal():
            text = format(value, "f")
        case datetime() | date() | time():
            text = value.isoformat()
        case _:
            raise XmlError(f"{place}: a value of type {type(value).__name__} has no form in XML")
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise XmlError(f"{place}: XML cannot carry the character U+{ord(forbidden.group()):04X}")
    return text.translate(_ESCAPES)


def _infinite(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "INF" if value > 0 else "-INF"
