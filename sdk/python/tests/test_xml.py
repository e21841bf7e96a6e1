"""Data: what is read, what is refused, and how results are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

import pytest

from flotilla import XmlError, xml


def test_values_are_read_by_the_path_of_their_names() -> None:
    data = xml.parse("<A><B><C> 7 </C><D>true</D></B><B><C>8</C></B><E>a &amp; <!-- not this -->b</E><F/></A>")
    assert xml.integer_of(data, "B/C") == 7
    assert xml.boolean_of(data, "B/D") is True
    assert xml.text_of(data, "E") == "a & b"
    assert xml.text_of(data, "F") == ""
    assert [found.text for found in data.findall("B/C")] == [" 7 ", "8"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("X", "<A> has no X"),
        ("B", "'x' is no integer"),
    ],
)
def test_what_is_not_there_is_named(path: str, message: str) -> None:
    with pytest.raises(XmlError, match=message):
        xml.integer_of(xml.parse("<A><B>x</B></A>"), path)


def test_what_is_neither_true_nor_false_is_named() -> None:
    with pytest.raises(XmlError, match="B: 'maybe' is neither true nor false"):
        xml.boolean_of(xml.parse("<A><B>maybe</B></A>"), "B")


LAUGHS = """<!DOCTYPE A [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><A>&b;</A>"""
OUTSIDE = """<!DOCTYPE A [<!ENTITY a SYSTEM "file:///etc/passwd">]><A>&a;</A>"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no XML"),
        ("no markup", "no XML"),
        ("<A>", "no XML"),
        ("<A></B>", "no XML"),
        ("<A/><B/>", "no XML"),
        ("<A>&unknown;</A>", "no XML"),
        ("<A>\x00</A>", "no XML"),
        ("<A>\ud800</A>", "cannot be encoded"),
        (LAUGHS, "<!DOCTYPE A>: document type declarations are not read"),
        (OUTSIDE, "document type declarations are not read"),
        ("<!DOCTYPE A><A/>", "document type declarations are not read"),
        ("<A>" * 1_000 + "</A>" * 1_000, f"more than {xml.DEPTH_MAX} elements within each other"),
        ("<A>" + "x" * xml.BYTES_MAX + "</A>", "bytes, .* at most"),
    ],
)
def test_what_is_no_data_is_refused(text: str, message: str) -> None:
    with pytest.raises(XmlError, match=message):
        xml.parse(text)


def test_a_document_of_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "ELEMENTS_MAX", 10)
    assert len(xml.parse("<A>" + "<B/>" * 9 + "</A>")) == 9
    with pytest.raises(XmlError, match="more than 10 elements"):
        xml.parse("<A>" + "<B/>" * 10 + "</A>")


def test_results_are_written_with_the_right_escapes() -> None:
    inner = Element("Kept")
    SubElement(inner, "As").text = "it < is"
    values: dict[str, xml.Value] = {
        "Text": 'a < b & "c" > \r\n',
        "Yes": True,
        "No": False,
        "Count": 12,
        "Amount": Decimal("1E+3"),
        "Share": 0.5,
        "Endless": float("-inf"),
        "Day": date(2026, 11, 21),
        "Moment": datetime(2026, 11, 21, 17, 0, tzinfo=UTC),
        "Absent": None,
        "Empty": "",
        "Inner": {"A": 1, "B": {"C": "x"}},
        "Many": ["a", "b"],
        "Nothing": [],
        "Records": [{"N": 1}, {"N": 2}],
        "Given": inner,
    }
    assert xml.write("Root", values) == (
        '<Root><Text>a &lt; b &amp; "c" &gt; &#13;\n</Text><Yes>true</Yes><No>false</No><Count>12</Count>'
        "<Amount>1000</Amount><Share>0.5</Share><Endless>-INF</Endless><Day>2026-11-21</Day>"
        "<Moment>2026-11-21T17:00:00+00:00</Moment><Empty></Empty><Inner><A>1</A><B><C>x</C></B></Inner>"
        "<Many>a</Many><Many>b</Many><Records><N>1</N></Records><Records><N>2</N></Records>"
        "<Kept><As>it &lt; is</As></Kept></Root>"
    )


@pytest.mark.parametrize("text", ["plain", "<&>\"'", "]]>", "a\r\nb\tc", "ä € 𝄞", "&amp;", " spaces "])
def test_what_was_written_is_read_as_it_was(text: str) -> None:
    assert xml.text_of(xml.parse(xml.write("A", {"B": text})), "B") == text


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("B", "a\x00b", r"A/B: XML cannot carry the character U\+0000"),
        ("B", ["ok", "\x1b"], r"A/B\[1\]: XML cannot carry the character U\+001B"),
        ("B", "\ufffe", r"U\+FFFE"),
        ("B", "\udfff", r"U\+DFFF"),
        ("B", b"bytes", "A/B: a value of type bytes has no form in XML"),
        ("B", {"C": object()}, "A/B/C: a value of type object has no form in XML"),
        ("B", [["a"]], r"A/B\[0\]: a sequence within a sequence"),
        ("not a name", "x", "'not a name' cannot be the name of an element"),
        ("1st", "x", "cannot be the name"),
        ("", "x", "cannot be the name"),
        ("B><C", "x", "cannot be the name"),
    ],
)
def test_what_has_no_form_in_xml_is_refused_with_its_place(name: str, value: xml.Value, message: str) -> None:
    with pytest.raises(XmlError, match=message):
        xml.write("A", {name: value})


def test_a_value_without_end_is_refused() -> None:
    endless: dict[str, xml.Value] = {}
    endless["A"] = endless
    with pytest.raises(XmlError, match="elements within each other"):
        xml.write("A", endless)
