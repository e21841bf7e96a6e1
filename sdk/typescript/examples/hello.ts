// A simple agent: loads the example with one task, launches a case, and does its work.

import { readFile } from 'node:fs/promises';

import { Client, Worker } from '@flotilla/agents';

const client = new Client();
const document = await readFile(new URL('../../../../examples/hello.yawl', import.meta.url), 'utf8');
await client.specifications.upload(document);
const { case: id } = await client.cases.launch({ specification: 'UID_flotilla_hello:1.0' });
console.log(`case ${id} is launched`);

const worker = new Worker({ agent: `hello-${process.pid}`, description: 'Answers questions' });

worker.handle('Answer', (item) => {
  const question = item.input.textOf('Question');
  console.log(`${item.id}: ${question}`);
  return { Reply: 'Forty-two.' };
});

const working = worker.run();
while ((await client.cases.get(id)).status === 'running') await new Promise((later) => setTimeout(later, 100));
await worker.drain();
await working;

console.log(`case ${id} is ${(await client.cases.get(id)).status}: ${(await client.cases.get(id)).output}`);
