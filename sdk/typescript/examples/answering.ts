// An agent that asks a language model. The model stands behind an interface; without one named, a made-up one answers.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Client, Worker, type Handler } from '@flotilla/agents';

import { ChatModel, FakeModel, type Model } from './model.js';

/** Longest answer that is taken: a model may go on and on. */
const REPLY_CHARS_MAX = 2_000;

/** Does the task `Answer`: asks the model the item's question. An answer that is none is a failed attempt. */
export function answering(model: Model): Handler {
  return async (item, { signal }) => {
    const question = item.input.textOf('Question');
    const reply = await model.complete(`Answer in one sentence.\n\n${question}`, signal);
    const text = visible(reply).trim();
    if (text === '' || text.length > REPLY_CHARS_MAX) throw new Error(`an answer of ${text.length} characters is none`);
    return { Reply: text };
  };
}

/** Models say what XML cannot hold, now and then: control characters, halves of emoji. */
function visible(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
}

function named(): Model {
  const { MODEL_URL, MODEL_NAME = 'default', MODEL_KEY = '' } = process.env;
  return MODEL_URL ? new ChatModel(MODEL_URL, MODEL_NAME, MODEL_KEY) : new FakeModel(['Forty-two, says nobody.']);
}

async function main(): Promise<void> {
  const client = new Client();
  const document = await readFile(new URL('../../../../examples/hello.yawl', import.meta.url), 'utf8');
  await client.specifications.upload(document);
  const { case: id } = await client.cases.launch({ specification: 'UID_flotilla_hello:1.0' });
  const worker = new Worker({ agent: `model-${process.pid}`, concurrency: 4 });
  worker.handle('Answer', answering(named()));
  const working = worker.run();
  while ((await client.cases.get(id)).status === 'running') await new Promise((later) => setTimeout(later, 100));
  await worker.drain();
  await working;
  console.log((await client.cases.get(id)).output);
}

// The handler alone is what tests want.
if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
