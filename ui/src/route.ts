// Hash routes of the page: what an address shows, and how one is written.

export type Route =
  | { page: 'specifications' }
  | { page: 'specification'; key: string }
  | { page: 'cases'; specification: string; status: string }
  | { page: 'case'; id: string }
  | { page: 'unknown'; hash: string };

/** Reads `location.hash`. */
export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [head = '', rest] = path.split('/', 2);
  const parameters = new URLSearchParams(query);
  if (head === '' || head === 'specifications') {
    const key = decode(rest);
    return key ? { page: 'specification', key } : { page: 'specifications' };
  }
  if (head === 'cases') {
    const id = decode(rest);
    if (id) return { page: 'case', id };
    return {
      page: 'cases',
      specification: parameters.get('specification') ?? '',
      status: parameters.get('status') ?? '',
    };
  }
  return { page: 'unknown', hash };
}

/** The link to a route. */
export const link = {
  specifications: () => '#/specifications',
  specification: (key: string) => `#/specifications/${encodeURIComponent(key)}`,
  cases: (filter: { specification?: string; status?: string } = {}) => {
    const set = Object.entries(filter).filter(([, value]) => value);
    const query = new URLSearchParams(set).toString();
    return query ? `#/cases?${query}` : '#/cases';
  },
  case: (id: string) => `#/cases/${encodeURIComponent(id)}`,
};

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    // A hand-written address with a stray `%`: show it as it stands.
    return text ?? '';
  }
}
