// The agent with a model, and the model made up.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { deciding } from '../../examples/model-backed.js';
import { ChatModel, FakeModel, type Model } from '../../examples/model.js';
import { GiveBack } from '../../src/index.js';
import { agent, deferred, type Said } from '../agent.js';
import { Fake, json } from '../fake.js';
import { example, Flotilla } from '../flotilla.js';

let site: Flotilla;
let specification: string;

beforeAll(async () => {
  site = await Flotilla.start();
  // The example with one task; here it asks for a decision out of two.
  const decision = '<xs:simpleType name="DecisionType"><xs:restriction base="xs:string"><xs:enumeration value="pay"/><xs:enumeration value="reject"/></xs:restriction></xs:simpleType>';
  const [head = '', tail = ''] = example('hello')
    .replaceAll('Answer', 'Decide')
    .replaceAll('Reply', 'Decision')
    .replace('UID_flotilla_hello', 'UID_flotilla_decide')
    .replace(/<xs:schema (.*)\/>/, `<xs:schema $1>${decision}</xs:schema>`)
    .split('<outputParam>\n        <index>0</index>\n        <name>Decision</name>\n        <type>string</type>\n        <namespace>http://www.w3.org/2001/XMLSchema</namespace>\n      </outputParam>\n      <externalInteraction>');
  const typed = '<outputParam><index>0</index><name>Decision</name><type>DecisionType</type></outputParam><externalInteraction>';
  const uploaded = await site.client.specifications.upload(`${head}${typed}${tail}`);
  specification = uploaded.specifications[0]!.key;
});

afterAll(() => site?.stop());

/** Lets an agent with this model do one case. */
async function decided(model: Model): Promise<{ output: string | null; said: Said }> {
  const { worker, said } = agent(site.url);
  worker.handle('Decide', deciding(model));
  const running = worker.run({ signals: false });
  const { case: id } = await site.client.cases.launch({ specification });
  const { output } = await site.ended(id);
  await worker.drain();
  await running;
  return { output, said };
}

test('the model is asked with the data, and its answer is the result', async () => {
  const model = new FakeModel([' pay\u0000 \n']);
  expect((await decided(model)).output).toBe('<Hello><Decision>pay</Decision></Hello>');
  expect(model.asked).toEqual([
    'Decide this insurance claim. Answer with the decision alone.\n\n<Decide><Question>What is the answer?</Question></Decide>',
  ]);
});

test('an answer that the server refuses goes back to the model with what is wrong', async () => {
  const model = new FakeModel(['I would pay.', 'reject']);
  const { output, said } = await decided(model);
  expect(output).toBe('<Hello><Decision>reject</Decision></Hello>');
  expect(model.asked[1]).toMatch(/Your answer "I would pay." was refused: .+/);
  // One attempt, mended.
  expect(said.all('an item failed')).toEqual([]);
});

test('a model that never answers well is a failed attempt, and the next one may do better', async () => {
  const { output, said } = await decided(new FakeModel(['1', '2', '3', 'pay']));
  expect(output).toBe('<Hello><Decision>pay</Decision></Hello>');
  expect(said.all('an item failed').map(({ fields }) => String(fields['error']))).toEqual([
    'Error: no answer of the model was taken in 3',
  ]);
});

test('a model over HTTP is called off when the case is cancelled', async () => {
  const asked = deferred<string>();
  const gone = deferred();
  const chat = await Fake.start((response, seen) => {
    asked.resolve(seen.body);
    response.on('close', () => gone.resolve());
  });
  const { worker } = agent(site.url, { termMs: 1_000 });
  worker.handle('Decide', deciding(new ChatModel(chat.url, 'small', 'key')));
  const running = worker.run({ signals: false });
  const { case: id } = await site.client.cases.launch({ specification });
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
  await expect(model.complete('?', signal)).rejects.toBeInstanceOf(GiveBack);
  await chat.stop();
});
