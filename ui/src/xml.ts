// XML as people write and read it: indented, and checked for its form before it is sent.

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

/**
 * The line and the reason if `text` is no well-formed element; null if it looks like one. The server
 * has the last word: this only saves the way there. (The browser's own parser reports a mistake as
 * markup with inline styles, which the content policy forbids.)
 */
export function malformed(text: string): string | null {
  const open: { name: string; line: number }[] = [];
  let [line, at, roots] = [1, 0, 0];
  for (const token of text.match(TOKEN) ?? []) {
    const where = text.indexOf(token, at);
    if (where > at) return `line ${line}: a "<" without its ">"`;
    at += token.length;
    if (!token.startsWith('<')) {
      if (open.length === 0 && token.trim()) return `line ${line}: text outside the element`;
      const bare = token.search(/&(?!#\d+;|#x[\da-f]+;|[\w.:-]+;)/i);
      if (bare >= 0) return `line ${line + linesIn(token.slice(0, bare))}: write "&" as "&amp;"`;
    } else if (token.startsWith('</')) {
      const name = token.slice(2, -1).trim();
      const last = open.pop();
      if (last?.name !== name) return `line ${line}: </${name}> closes ${last ? `<${last.name}> of line ${last.line}` : 'nothing'}`;
    } else if (!/^<[!?]/.test(token)) {
      const name = /^<([^\s/>]+)/.exec(token)?.[1];
      if (!name) return `line ${line}: an element without a name`;
      if (open.length === 0) roots += 1;
      if (roots > 1) return `line ${line}: a second element; put all into one`;
      if (!token.endsWith('/>')) open.push({ name, line });
    }
    line += linesIn(token);
  }
  if (at < text.length) return `line ${line}: a "<" without its ">"`;
  const last = open.pop();
  if (last) return `line ${last.line}: <${last.name}> is not closed`;
  return roots === 0 ? 'line 1: no element' : null;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
