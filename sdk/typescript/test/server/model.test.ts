// The agent with a model, and the model made up.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { answering } from '../../examples/answering.js';
import { ChatModel, FakeModel, type Model } from '../../examples/model.js';
import { agent, deferred } from '../agent.js';
import { Fake, json } from '../fake.js';
import { Flotilla } from '../flotilla.js';

let site: Flotilla;

beforeAll(async () => {
  site = await Flotilla.start();
});

afterAll(() => site?.stop());

/** Lets an agent with this model do one case. @returns the case's output */
async function answered(model: Model): Promise<string | null> {
  const { worker } = agent(site.url);
  worker.handle('Answer', answering(model));
  const running = worker.run({ signals: false });
  const { output } = await site.ended(await site.launch());
  await worker.drain();
  await running;
  return output;
}

test('the model is asked the question, and its answer is the result', async () => {
  const model = new FakeModel([' "42" <or so> & more ']);
  expect(await answered(model)).toBe('<Hello><Reply>"42" &lt;or so&gt; &amp; more</Reply></Hello>');
  expect(model.asked).toEqual(['Answer in one sentence.\n\nWhat is the answer?']);
});

test('a model that fails, says nothing or too much is asked again in the next attempts', async () => {
  const model = new FakeModel([new Error('overloaded'), 'a\u0000b']);
  expect(await answered(model)).toBe('<Hello><Reply>ab</Reply></Hello>');
});

test('a model over HTTP is called off when the case is cancelled', async () => {
  const asked = deferred<string>();
  const gone = deferred();
  const chat = await Fake.start((response, seen) => {
    asked.resolve(seen.body);
    response.on('close', () => gone.resolve());
  });
  const { worker } = agent(site.url, { termMs: 1_000 });
  worker.handle('Answer', answering(new ChatModel(chat.url, 'small', 'key')));
  const running = worker.run({ signals: false });
  const id = await site.launch();
  expect(JSON.parse(await asked.promise)).toMatchObject({ model: 'small' });
  await site.client.cases.cancel(id);
  await gone.promise;
  await worker.drain();
  await running;
  await chat.stop();
});

test('a model over HTTP answers, or the error says what is wrong', async () => {
  const answers: unknown[] = [{ choices: [{ message: { content: 'yes' } }] }, { choices: [] }];
  const chat = await Fake.start((response) => (answers.length > 0 ? json(response, answers.shift()) : json(response, {}, 500)));
  const model = new ChatModel(chat.url, 'small', 'key');
  const { signal } = new AbortController();
  expect(await model.complete('?', signal)).toBe('yes');
  await expect(model.complete('?', signal)).rejects.toThrow('the model gives no text');
  await expect(model.complete('?', signal)).rejects.toThrow('status 500');
  await chat.stop();
});
