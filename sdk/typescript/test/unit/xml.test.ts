// Reading and writing XML: what was written is read again, and nothing that a sender invents is believed.

import { expect, test } from 'vitest';

import { element, readXml, writeXml, XmlElement, XmlError } from '../../src/index.js';

/** What an element holds, in short: `name[text or elements]`. */
function show({ name, attributes, children }: XmlElement): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const inner = children.map((child) => (typeof child === 'string' ? JSON.stringify(child) : show(child)));
  return `${name}${given.join('')}[${inner.join(' ')}]`;
}

test.each([
  ['<A/>', 'A[]'],
  ['<A></A >', 'A[]'],
  ['\u{FEFF}<?xml version="1.0"?>\n<!-- c --><A>x<B y="1" z=\'"\'/>\n<B>2</B></A>\n<?pi?>', 'A["x" B y="1" z="\\""[] "\\n" B["2"]]'],
  ['<A>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;</A>', 'A["<&>\\"\'A😀"]'],
  ['<A>1<![CDATA[<B>&amp;]]>2<!-- c -->3</A>', 'A["1<B>&amp;23"]'],
  ['<A x="a&#10;b\tc\nd">1\r\n2\r3</A>', 'A x="a\\nb c d"["1\\n2\\n3"]'],
  ['<a:B xmlns:a="u"><Größe/></a:B>', 'a:B xmlns:a="u"[Größe[]]'],
  ['<A __proto__="1" constructor="2"/>', 'A __proto__="1" constructor="2"[]'],
])('%s is read', (text, want) => {
  expect(show(readXml(text))).toBe(want);
});

test.each([
  ['', 'there is no element, at line 1, column 1'],
  ['x<A/>', 'text stands outside the root element'],
  ['<A/>&#32;', 'text stands outside the root element'],
  ['<A/><B/>', 'there is a second root element'],
  ['<A>', '<A> has no end'],
  ['<A>\n  <B></A>', 'the end of <B> is expected, at line 2, column 6'],
  ['</A>', 'nothing is open here'],
  ['<A x="1" x="2"/>', 'the attribute x stands there twice'],
  ['<A x=1/>', 'the start of <A> is malformed'],
  ['<A x="<"/>', 'the start of <A> is malformed'],
  ['<1/>', '`<` begins no element'],
  ['<A>a < b</A>', '`<` begins no element'],
  ['<A>a & b</A>', 'no character that is known here'],
  ['<A>&nbsp;</A>', '&nbsp; is no character that is known here'],
  ['<A>&constructor;</A>', 'no character that is known here'],
  ['<A>&#0;&#xD800;</A>', '&#0; is no character'],
  ['<A>&#x110000;</A>', '&#x110000; is no character'],
  ['<A>]]></A>', '`]]>` stands in text'],
  ['<A>\u0000</A>', 'the document has the character U+0000'],
  ['<A>\uD800</A>', 'the document has the character U+D800'],
  ['<A><!-- a -- b --></A>', '`--` stands in a comment'],
  ['<A><!-- ', '`-->` is missing'],
  ['<A><![CDATA[ ', '`]]>` is missing'],
  ['<A/><?xml version="1.0"?>', 'the XML declaration must stand first'],
  ['<!DOCTYPE A [<!ENTITY b "c">]><A>&b;</A>', 'a document type or declaration is not taken'],
  ['<!DOCTYPE A SYSTEM "file:///etc/passwd"><A/>', 'a document type or declaration is not taken'],
  ['<A><!ELEMENT A ANY></A>', 'a document type or declaration is not taken'],
])('%s is refused', (text, why) => {
  expect(() => readXml(text)).toThrow(XmlError);
  expect(() => readXml(text)).toThrow(why);
});

test('a billion laughs are none', () => {
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`);
  expect(() => readXml(`<!DOCTYPE A [<!ENTITY l0 "lol">${laughs.join('')}]><A>&l10;</A>`)).toThrow('is not taken');
});

test('depth and size are bounded', () => {
  const deep = (depth: number): string => '<A>'.repeat(depth) + '</A>'.repeat(depth);
  expect(readXml(deep(256)).name).toBe('A');
  expect(() => readXml(deep(257))).toThrow('elements stand deeper than 256');
  expect(() => readXml('<A>'.repeat(1_000_000))).toThrow('elements stand deeper than 256');
  expect(() => readXml(' '.repeat(16 * 1024 * 1024 + 1))).toThrow('more than 16777216 characters');
});

test.each([
  ['unclosed tags', '<A '.repeat(300_000)],
  ['attributes without an end', `<A ${'a="b" '.repeat(100_000)}`],
  ['ampersands', `<A>${'&'.repeat(500_000)}</A>`],
  ['brackets', `<A>${']]'.repeat(500_000)}</A>`],
  ['spaces', `<A${' '.repeat(500_000)}`],
])('%s do not take long', (_, text) => {
  const began = performance.now();
  try {
    readXml(text);
  } catch (error) {
    expect(error).toBeInstanceOf(XmlError);
  }
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('values are found by name, and what is missing is said', () => {
  const order = readXml('<Order><Id>7</Id><Line>a</Line><Line>b</Line><Total>1.5e2</Total><Paid> true </Paid><Max>INF</Max></Order>');
  expect(order.textOf('Id')).toBe('7');
  expect(order.all('Line').map((line) => line.text)).toEqual(['a', 'b']);
  expect([order.numberOf('Total'), order.numberOf('Max'), order.booleanOf('Paid')]).toEqual([150, Infinity, true]);
  expect(order.find('None')).toBeUndefined();
  expect(() => order.textOf('None')).toThrow('<Order> has no <None>; it has Id, Line, Line, Total, Paid, Max');
  expect(() => order.numberOf('Line')).toThrow('<Line> of <Order> is "a", no number');
  expect(() => order.numberOf('Paid')).toThrow(XmlError);
  expect(() => order.booleanOf('Id')).toThrow('neither true nor false');
});

test('the text of an element is all text in it', () => {
  expect(readXml('<A>1<B>2<C>3</C></B>4</A>').text).toBe('1234');
});

test.each([
  [{ A: 'x' }, '<R><A>x</A></R>'],
  [{ A: ['x', 'y'], B: [] }, '<R><A>x</A><A>y</A></R>'],
  [{ A: undefined, B: null, C: '' }, '<R><B/><C/></R>'],
  [{ A: 1.5, B: Infinity, C: -Infinity, D: NaN, E: 10n, F: false }, '<R><A>1.5</A><B>INF</B><C>-INF</C><D>NaN</D><E>10</E><F>false</F></R>'],
  [{ A: new Date(0) }, '<R><A>1970-01-01T00:00:00.000Z</A></R>'],
  [{ A: { B: { C: 'x' } } }, '<R><A><B><C>x</C></B></A></R>'],
  [{ A: element('B', 'x', { id: '"1"' }) }, '<R><A><B id="&quot;1&quot;">x</B></A></R>'],
  [{ A: '<&>"\'\r\n]]>' }, '<R><A>&lt;&amp;&gt;"\'&#13;\n]]&gt;</A></R>'],
  ['x', '<R>x</R>'],
  [null, '<R/>'],
])('%o is written', (value, want) => {
  expect(writeXml('R', value)).toBe(want);
});

test.each([
  [{ A: '\u0001' }, '<A> has the character U+0001, which XML cannot hold'],
  [{ A: 'half a pair: \uD83D' }, '<A> has the character U+D83D'],
  [{ 'a b': 'x' }, '"a b" is no name of XML'],
  [{ 'a><b': 'x' }, 'is no name of XML'],
  [{ A: [['x']] }, '<A> is a list in a list'],
  [{ A: new Date(NaN) }, '<A> is no moment'],
  [['x'], '<R> cannot be a list'],
])('%o cannot be written, and the error says where', (value, why) => {
  expect(() => writeXml('R', value)).toThrow(why);
});

test('what refers to itself is no endless loop', () => {
  const fields: Record<string, never> = {};
  Object.assign(fields, { A: fields });
  expect(() => writeXml('R', fields)).toThrow('stands deeper than 256 elements');
});

test('any text comes back as it was written', () => {
  const samples = ['', ' ', '<', '&amp;', ']]>', '\t\r\n', '"\'', 'ä€𝄞\u{10FFFF}', '<!--', '&#13;', '--'];
  for (const one of samples) {
    for (const two of samples) {
      const written = new XmlElement('R', [new XmlElement('A', [one + two], { x: one + two })]).toString();
      const { A } = { A: readXml(written).get('A') };
      expect([A.text, A.attributes['x']]).toEqual([one + two, one + two]);
    }
  }
});
