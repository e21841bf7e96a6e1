// Stands between a client and a real server, and loses answers: the server has done what was asked, the client hears nothing.

import { request } from 'node:http';

import { Fake, type Seen } from './fake.js';

export class Proxy {
  readonly #fake: Fake;
  /** Decides whether the answer to this request is lost; asked when the server has answered. */
  loses: (seen: Seen) => boolean = () => false;

  private constructor(fake: Fake) {
    this.#fake = fake;
  }

  static async start(target: string): Promise<Proxy> {
    let proxy: Proxy | undefined;
    const fake = await Fake.start((response, seen) => {
      const { method, path, headers, body } = seen;
      const onward = request(new URL(path, target), { method, headers: { ...headers, host: new URL(target).host } });
      onward.on('error', () => response.destroy());
      onward.on('response', (answer) => {
        if (proxy?.loses(seen)) {
          answer.resume();
          answer.on('end', () => response.destroy());
          return;
        }
        // At once: the body of a stream may be long in coming.
        response.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
        answer.pipe(response);
      });
      response.on('close', () => onward.destroy());
      onward.end(body);
    });
    proxy = new Proxy(fake);
    return proxy;
  }

  get url(): string {
    return this.#fake.url;
  }

  get seen(): Seen[] {
    return this.#fake.seen;
  }

  /** Loses the first answers, so many, to requests whose path ends so. @returns the requests whose answers were lost */
  loseFirst(count: number, end: string): Seen[] {
    const lost: Seen[] = [];
    this.loses = (seen) => {
      if (lost.length >= count || !seen.path.endsWith(end)) return false;
      lost.push(seen);
      return true;
    };
    return lost;
  }

  stop(): Promise<void> {
    return this.#fake.stop();
  }
}
