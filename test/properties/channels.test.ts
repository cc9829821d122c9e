/** Whatever people write and however much there is: a body is within its platform's limits, whole, and says only what we say. */
import fc from 'fast-check';
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { bytesOf, plain, shorten } from '../../shared/channels/shorten.ts';
import { REMINDER_KINDS, type Reminder } from '../../shared/domain/reminder.ts';
import { LANGUAGES } from '../../shared/domain/subscription.ts';
import { AT, contentsOf, digest, reminder } from '../support/reminder-examples.ts';

const channels: readonly Channel[] = CHANNEL_KINDS.flatMap((kind) => channelOf(kind) ?? []);

/** Pieces that break what is careless: markup, mentions, entities, escapes, half characters, long clusters. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  fc.constantFrom(
    ...['[点我](https://evil.example)', '<@all>', '<@zhangsan>', '@所有人', '<at id=all></at>', '**', '\n# 标题\n', '`', '```'],
    ...['</font>', '<font color="info">', '&lt;', '\\', '"', '}', '\u0000', '\u202e', '\ud83d', '\udc68', '。', '，', '👨‍👩‍👧‍👦'],
    ...[
      'z\u0301'.repeat(40),
      `e${'\u0301'.repeat(3000)}`,
      '隐患'.repeat(700),
      '配电箱未接地，雨天漏电。',
      '---',
      '> ',
      '1. ',
      '![x](y)',
    ],
  ),
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
const texts = fc.record({ name: text, place: text, text });

const reminders = fc
  .tuple(fc.array(texts, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 80 }), fc.nat(REMINDER_KINDS.length - 1))
  .map(([written, count, first]) =>
    Array.from({ length: count }, (_, n): Reminder => {
      const kind = REMINDER_KINDS[(first + n) % REMINDER_KINDS.length] ?? 'test';
      const one = written[n % written.length];
      return reminder(kind, { id: `r${n}`, ...(one && { texts: one }) });
    }),
  );
const mentions = fc.record({
  users: fc.array(fc.oneof(fc.constant('all'), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/), text), { maxLength: 60 }),
  everybody: fc.boolean(),
});

/** What the platforms allow: of the content for WeCom, of the body for the others. */
const MOST: Readonly<Record<string, number>> = { wecom: 4096, dingtalk: 20_000, feishu: 20_000, webhook: 20_480, feed: 256_000 };

/** All texts of markdown in a body. */
const markdownsIn = (body: ReturnType<typeof JSON.parse>): readonly string[] =>
  [body.markdown?.content, body.markdown?.text, body.actionCard?.text]
    .concat((body.card?.elements ?? []).map(({ content }: { content?: string }) => content))
    .filter((part) => part !== undefined);

const LINK = /\[(?:打开|查看全部|Open|See all)\]\(https:\/\/app\.example\.cn\/[!-'*-~]*\)/g;
const FONT = /<font color=(?:"(?:warning|comment)"|'(?:red|grey)')>([^<>]*)<\/font>/g;
const CALLED = /<@([A-Za-z0-9][A-Za-z0-9._@-]*)>|<at id=([A-Za-z0-9][A-Za-z0-9._@-]*)><\/at>/g;

function expectClean(markdown: string, mentioned: { readonly users: readonly string[]; readonly everybody: boolean }): void {
  for (const [, wecom, feishu] of markdown.matchAll(CALLED)) {
    const user = wecom ?? feishu ?? '';
    expect(user === 'all' ? mentioned.everybody : mentioned.users.includes(user)).toBe(true);
  }
  const left = markdown.replace(CALLED, '').replace(LINK, '').replace(FONT, '$1');
  expect(left).not.toMatch(/[<[\]`\\\u200b\u2060\u00ad]|\*{3}|:\/\//);
  expect(left.replace(/@\S+/g, '')).not.toMatch(/[a-z]\.[a-z]{2}/i);
  for (const line of left.split('\n')) {
    expect((line.match(/\*\*/g) ?? []).length % 2).toBe(0);
    expect(line.replace(/^> /, '')).not.toMatch(/^\s*(?:#|=+$|-+$|[-+] |>)/);
  }
}

test('every channel, in both languages: within its limits, whole, each reminder shown or counted, and nothing of a text is more than text', () => {
  fc.assert(
    fc.property(reminders, mentions, fc.constantFrom(...LANGUAGES), fc.boolean(), (told, called, language, shorter) => {
      const all = digest(told, { language });
      expect(all.items.flatMap((item) => item.reminders.map(({ id }) => id)).sort()).toEqual(told.map(({ id }) => id).sort());
      for (const channel of channels) {
        const rendered = channel.render(all, called, shorter);
        const body = JSON.parse(rendered);
        const sent = channel.isPulled
          ? rendered
          : channel.request({ url: 'https://x', secrets: [{ secret: 'SECabcdefgh' }] }, rendered, AT, 'm').body;
        expect(Buffer.from(rendered, 'utf8').toString('utf8')).toBe(rendered);
        expect(bytesOf(channel.kind === 'wecom' ? body.markdown.content : sent)).toBeLessThanOrEqual(MOST[channel.kind] ?? 0);
        const markdowns = markdownsIn(body);
        for (const markdown of markdowns) expectClean(markdown, called);
        const whole = markdowns.join('\n');
        const [, more] = /(?:另有 )(\d+) 项|(?:^|\n)(\d+) more/.exec(whole)?.filter(Boolean) ?? [];
        const left = body.data?.left ?? Number(more ?? 0);
        const shown = body.data?.items.length ?? (all.items.length === 1 ? 1 - left : [...whole.matchAll(/^\d+\. /gm)].length);
        expect(shown + left).toBe(all.items.length);
        if (!shorter) expect(shown).toBeGreaterThanOrEqual(Math.min(2, all.items.length));
      }
    }),
    { numRuns: 12 },
  );
});

test('a feed holds all of the longest message', () => {
  const long = { name: '名'.repeat(100), place: '处'.repeat(200), text: '长'.repeat(2000) };
  const told = Array.from({ length: 80 }, (_, n) =>
    reminder('order-issued', { id: `r${n}`, texts: long, content: contentsOf(long)['order-issued'] }),
  );
  const { data } = JSON.parse(channelOf('feed')?.render(digest(told), { users: [], everybody: false }, false) ?? '{}');
  expect([data.items.length, data.left]).toEqual([80, 0]);
});

test('a text that is shortened is a beginning of itself in whole characters', () => {
  const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' });
  fc.assert(
    fc.property(text.map(plain), fc.integer({ min: 3, max: 400 }), (whole, most) => {
      const short = shorten(whole, most);
      expect(bytesOf(short)).toBeLessThanOrEqual(most);
      if (short === whole) return;
      expect(short.endsWith('…')).toBe(true);
      const kept = short.slice(0, -1);
      expect(whole.startsWith(kept)).toBe(true);
      const starts = new Set([...characters.segment(whole)].map(({ index }) => index));
      expect(starts.has(kept.length)).toBe(true);
    }),
    { numRuns: 100 },
  );
});
