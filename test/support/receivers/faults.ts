/** What may go wrong at a receiver, asked for by whoever tests. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Verdict } from './platform.ts';

export type Fault =
  /** Answers as ever, but so many real milliseconds later. */
  | { readonly is: 'slow'; readonly ms: number }
  /** Does not look at it, and never answers. */
  | { readonly is: 'hang' }
  /** Takes it, and never answers. */
  | { readonly is: 'timeout-after-success' }
  | { readonly is: 'reset' }
  /** Takes it, and breaks the connection. */
  | { readonly is: 'reset-after-success' }
  /** 5xx, 410, 429: does not look at it. */
  | { readonly is: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly is: 'redirect'; readonly to: string }
  /** Takes it, and answers far more than anybody asked for. */
  | { readonly is: 'huge'; readonly bytes: number }
  /** Begins to answer, one byte after another, without an end. */
  | { readonly is: 'drip'; readonly everyMs: number };

/** Whether the platform sees the request at all. */
export const reaches = (fault: Fault | undefined): boolean =>
  fault === undefined || ['slow', 'timeout-after-success', 'reset-after-success', 'huge'].includes(fault.is);

const plainly = (response: ServerResponse, { status, answer }: Pick<Verdict, 'status' | 'answer'>): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
};

/** Far more than anybody asked for; it goes on only as fast as it is taken. */
function flood(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  more();
}

/** Answers, or does not. `verdict` is what the platform made of it, where it came that far. */
export function answer(request: IncomingMessage, response: ServerResponse, verdict: Verdict, fault: Fault | undefined): void {
  switch (fault?.is) {
    case undefined:
      plainly(response, verdict);
      return;
    case 'slow': {
      const timer = setTimeout(() => plainly(response, verdict), fault.ms);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    case 'hang':
    case 'timeout-after-success':
      return;
    case 'reset':
    case 'reset-after-success':
      request.socket.resetAndDestroy();
      return;
    case 'status':
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      plainly(response, { status: fault.status, answer: '' });
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.to }).end();
      return;
    case 'huge':
      flood(response, fault.bytes);
      return;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), fault.everyMs);
      response.on('close', () => clearInterval(timer));
    }
  }
}
