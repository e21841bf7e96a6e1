// Addresses after the `#`: what is written is read back.
import { expect, test } from 'vitest';
import { link, parse } from '../../src/route';

test.each([
  ['', { page: 'specifications' }],
  ['#/specifications', { page: 'specifications' }],
  [link.specification('http://e.com/x?y:1.0'), { page: 'specification', key: 'http://e.com/x?y:1.0' }],
  [link.cases(), { page: 'cases', specification: '', status: '' }],
  [link.cases({ specification: 'a&b:1.0', status: 'running' }), { page: 'cases', specification: 'a&b:1.0', status: 'running' }],
  [link.case('7'), { page: 'case', id: '7' }],
  [link.agents(), { page: 'agents', prefix: '', kind: 'all' }],
  [link.agents({ prefix: 'a/b', kind: 'stale' }), { page: 'agents', prefix: 'a/b', kind: 'stale' }],
  ['#/agents?kind=odd', { page: 'agents', prefix: '', kind: 'all' }],
  [link.agent('host/7:ann'), { page: 'agent', name: 'host/7:ann' }],
  [link.claims(), { page: 'claims', lease: 'held' }],
  [link.claims('dead-letter'), { page: 'claims', lease: 'dead-letter' }],
  ['#/specifications/50%', { page: 'specification', key: '50%' }],
  ['#/elsewhere', { page: 'unknown', hash: '#/elsewhere' }],
])('%j is read', (hash, route) => {
  expect(parse(hash)).toEqual(route);
});
