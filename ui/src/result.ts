// What a person is given to fill in when checking a work item in: one element per output parameter,
// with the input's value, else the default, else nothing. Reads the specification's own document.

import type { WorkItem } from './api';
import { malformed } from './xml';

/** The element to fill in, or the item's input where the document does not tell. */
export function draft(source: string, item: WorkItem): string {
  const document = parse(source);
  const input = parse(item.data ?? '')?.documentElement;
  const gateway = document && decompositionOf(document, item);
  if (!gateway) return item.data ?? '';
  const result = new Document();
  const root = result.appendChild(result.createElement(gateway.getAttribute('id') ?? item.task));
  for (const parameter of children(gateway, 'outputParam')) {
    const name = textOf(parameter, 'name') ?? textOf(parameter, 'element');
    if (!name) continue;
    const given = input && children(input, name);
    if (given && given.length > 0) {
      for (const value of given) root.append(result.importNode(value, true));
    } else {
      root.append(withDefault(result, name, textOf(parameter, 'defaultValue') ?? ''));
    }
  }
  return new XMLSerializer().serializeToString(root);
}

function parse(text: string): Document | null {
  return malformed(text) === null ? new DOMParser().parseFromString(text, 'application/xml') : null;
}

function decompositionOf(document: Document, item: WorkItem): Element | undefined {
  const all = [...document.getElementsByTagNameNS('*', 'decomposition')];
  const net = all.find((element) => element.getAttribute('id') === item.net);
  const tasks = net ? [...net.getElementsByTagNameNS('*', 'task')] : [];
  const task = tasks.find((element) => element.getAttribute('id') === item.task);
  const id = task && children(task, 'decomposesTo')[0]?.getAttribute('id');
  return all.find((element) => element.getAttribute('id') === id);
}

function withDefault(result: Document, name: string, value: string): Element {
  const content = value.includes('<') ? parse(`<${name}>${value}</${name}>`)?.documentElement : undefined;
  if (content) return result.importNode(content, true);
  const element = result.createElement(name);
  element.textContent = value;
  return element;
}

function children(element: Element, name: string): Element[] {
  return [...element.children].filter((child) => child.localName === name);
}

function textOf(element: Element, name: string): string | null {
  return children(element, name)[0]?.textContent?.trim() ?? null;
}
