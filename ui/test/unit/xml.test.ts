// XML as it is shown and checked.
import { expect, test } from 'vitest';
import { indent, malformed } from '../../src/xml';

test('elements are indented and texts stay as they are', () => {
  expect(indent('<a><b>  x &lt; y </b><c/><d></d><e f="1 > 0"><g>1</g></e></a>')).toBe(
    ['<a>', '  <b>  x &lt; y </b>', '  <c/>', '  <d></d>', '  <e f="1 > 0">', '    <g>1</g>', '  </e>', '</a>'].join('\n'),
  );
});

test('indenting twice changes nothing, and what is no XML comes back', () => {
  const once = indent('<a><b><c>1</c></b></a>');
  expect(indent(once)).toBe(once);
  expect(indent('a < b')).toBe('a < b');
  expect(indent('')).toBe('');
});

test.each([
  ['<a><b>1</b></a>', null],
  ['<?xml version="1.0"?>\n<!-- c -->\n<a x=\'>\'><![CDATA[<&]]>&amp;</a>\n', null],
  ['', 'line 1: no element'],
  ['words', 'line 1: text outside the element'],
  ['<a>\n<b>\n</a>', 'line 3: </a> closes <b> of line 2'],
  ['<a>\n', 'line 1: <a> is not closed'],
  ['<a/>\n<b/>', 'line 2: a second element; put all into one'],
  ['<a>\nx & y</a>', 'line 2: write "&" as "&amp;"'],
  ['<a>\n1 < 2</a>', 'line 2: a "<" without its ">"'],
  ['<a><b', 'line 1: a "<" without its ">"'],
  ['</a>', 'line 1: </a> closes nothing'],
])('%j is judged', (text, judgement) => {
  expect(malformed(text)).toBe(judgement);
});
