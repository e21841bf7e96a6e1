// Times and XML as people read them.

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** An RFC 3339 time in the reader's zone and language. */
export function time(text: string | null): string {
  if (!text) return '–';
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : DATE_TIME.format(at);
}

/** `1 case`, `2 cases`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A tag with quoted attributes, a comment, a processing instruction, or text up to the next `<`. */
const TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+/g;

/**
 * Indents XML. Only puts white space between two tags, so a text value stays as it is; a text
 * that is not XML comes back unchanged.
 */
export function indent(xml: string): string {
  const tokens = (xml.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  if (tokens.join('').replace(/\s/g, '') !== xml.replace(/\s/g, '')) return xml;
  let depth = 0;
  let out = '';
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    const closes = token.startsWith('</');
    if (closes) depth -= 1;
    const isText = !token.startsWith('<');
    const afterText = before !== undefined && !before.startsWith('<');
    const isEmptyPair = closes && before !== undefined && opens(before);
    if (before !== undefined && !isText && !afterText && !isEmptyPair) out += `\n${'  '.repeat(Math.max(depth, 0))}`;
    out += token;
    if (opens(token)) depth += 1;
  });
  return out;
}

function opens(token: string): boolean {
  return /^<[^/!?]/.test(token) && !token.endsWith('/>');
}
