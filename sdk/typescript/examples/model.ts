// What asks a language model, and what stands in for it in tests. An agent knows only the interface.

import { GiveBack } from '@flotilla/agents';

/** Something that answers in words. */
export interface Model {
  /**
   * @param signal calls the request off, as when the work item is taken away
   * @throws Error if there is no answer
   */
  complete(prompt: string, signal: AbortSignal): Promise<string>;
}

/** A model behind the chat interface that most of them speak. */
export class ChatModel implements Model {
  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly key: string,
  ) {}

  async complete(prompt: string, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.key}` };
    const body = JSON.stringify({ model: this.name, messages: [{ role: 'user', content: prompt }] });
    const response = await fetch(`${this.url}/chat/completions`, { method: 'POST', headers, body, signal });
    // Nobody has looked at the item yet: another agent may, and no attempt is counted.
    if (!response.ok) throw new GiveBack(`the model answers with status ${response.status}`);
    const answer = (await response.json()) as { choices?: { message?: { content?: unknown } }[] };
    const content = answer.choices?.[0]?.message?.content;
    if (typeof content !== 'string') throw new Error('the model gives no text');
    return content;
  }
}

/** Says what it was told to say, in turn, and remembers what it was asked. */
export class FakeModel implements Model {
  readonly asked: string[] = [];

  constructor(private readonly answers: (string | Error)[]) {}

  complete(prompt: string): Promise<string> {
    this.asked.push(prompt);
    const answer = this.answers.shift() ?? new Error('the model has nothing more to say');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
