// Times and counts as people read them.

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** An RFC 3339 time in the reader's zone and language. */
export function time(text: string | null): string {
  if (!text) return '–';
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : DATE_TIME.format(at);
}

/** How long ago something was, in the largest unit that it fills. */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

/** `1 case`, `2 cases`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
