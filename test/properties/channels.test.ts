/** Whatever people write and however much there is: a body is within its platform's limits, whole, and says only what we say. */
import fc from 'fast-check';
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { bytesOf, plain, shorten } from '../../shared/channels/shorten.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { REMINDER_KINDS, type Reminder } from '../../shared/domain/reminder.ts';
import { LANGUAGES } from '../../shared/domain/subscription.ts';
import { wecomRobot } from '../support/receivers/wecom.ts';
import { AT, contentsOf, digest, fitting, reminder } from '../support/reminder-examples.ts';

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

const arrivalOf = (body: string) => ({
  ...{ method: 'POST', url: new URL('https://qyapi.weixin.qq.com/'), headers: { 'content-type': 'application/json' }, at: 0 },
  body: Buffer.from(body),
});

/** All texts of a card of WeCom; none where it is none. */
const cardTexts = (card: ReturnType<typeof JSON.parse>): readonly string[] =>
  card === undefined
    ? []
    : [card.main_title.title, card.main_title.desc, card.sub_title_text].concat(
        card.horizontal_content_list.map(({ value }: { value: string }) => value),
      );

/** All texts of markdown in a body. */
const markdownsIn = (body: ReturnType<typeof JSON.parse>): readonly string[] =>
  [body.markdown?.content, body.markdown?.text, body.actionCard?.text, ...cardTexts(body.template_card)]
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
      const everything = digest(told, { language });
      expect(everything.items.flatMap((item) => item.reminders.map(({ id }) => id)).sort()).toEqual(
        told.map(({ id }) => id).sort(),
      );
      for (const channel of channels) {
        const all = digest(fitting(channel, told), { language });
        const rendered = channel.render(all, called, shorter);
        const body = JSON.parse(rendered);
        const sent = channel.isPulled
          ? rendered
          : channel.request({ url: 'https://x', secrets: [{ secret: 'SECabcdefgh' }] }, rendered, AT, 'm').body;
        expect(Buffer.from(rendered, 'utf8').toString('utf8')).toBe(rendered);
        expect(bytesOf(channel.kind === 'wecom' ? (body.markdown?.content ?? '') : sent)).toBeLessThanOrEqual(
          MOST[channel.kind] ?? 0,
        );
        const markdowns = markdownsIn(body);
        for (const markdown of markdowns) expectClean(markdown, called);
        if (body.template_card !== undefined) expect(wecomRobot().judge(arrivalOf(rendered))).toMatchObject({ code: 0 });
        const whole = markdowns.join('\n');
        const [, more] = /(?:另有 )(\d+) 项|(?:^|\n)(\d+) more/.exec(whole)?.filter(Boolean) ?? [];
        const left = body.data === undefined ? Number(more ?? 0) : 0;
        const shown = body.data?.items.length ?? (all.items.length === 1 ? 1 - left : [...whole.matchAll(/^\d+\. /gm)].length);
        expect(shown + left).toBe(all.items.length);
        if (!shorter) expect(shown).toBeGreaterThanOrEqual(Math.min(2, all.items.length));
      }
    }),
    { numRuns: 12 },
  );
});

/** As the composer has it, message by message. */
function messagesOf(channel: Channel, told: readonly Reminder[]): readonly (readonly Reminder[])[] {
  if (told.length === 0) return [];
  const message = fitting(channel, told);
  return [message, ...messagesOf(channel, told.slice(message.length))];
}

/** With the figures of later. */
const later = (one: Reminder): Reminder => {
  if (one.content.of !== 'checks') return one;
  const places = one.content.places.map((place) => ({ ...place, points: place.points + 9_999 }));
  return { ...one, content: { ...one.content, places } };
};

/** All of a content but what people wrote, and names. */
const factsIn = (content: Reminder['content'] | undefined): string =>
  JSON.stringify(content, (key, value) =>
    /^(ownerName|place|description|workshop|scope|area|note|document|authorityName|targetName|name|says)$/.test(key) ? '' : value,
  );

const eighty = fc
  .tuple(
    fc.array(texts, { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(REMINDER_KINDS.length - 1), { minLength: 1, maxLength: 30 }),
  )
  .map(([written, kinds]) =>
    Array.from({ length: 80 }, (_, n): Reminder => {
      const one = written[n % written.length];
      return reminder(REMINDER_KINDS[kinds[n % kinds.length] ?? 0] ?? 'test', { id: `r${n}`, ...(one && { texts: one }) });
    }),
  );

test('what apps read has every reminder in one message, with its facts, at every attempt', () => {
  const apps = channels.filter(({ kind }) => kind === 'webhook' || kind === 'feed');
  expect(apps).toHaveLength(2);
  const doneLater = fc.array(fc.boolean(), { minLength: 80, maxLength: 80 });
  fc.assert(
    fc.property(eighty, doneLater, fc.constantFrom(...LANGUAGES), fc.boolean(), (told, isDone, language, shorter) => {
      for (const channel of apps) {
        const messages = messagesOf(channel, told);
        expect(messages.flatMap((message) => message.map(({ id }) => id))).toEqual(told.map(({ id }) => id));
        expect(messages.length).toBeLessThanOrEqual(channel.kind === 'webhook' ? 12 : 1);
        for (const message of messages) {
          const left = message.filter((_, n) => isDone[n] === true).map(later);
          for (const [some, at] of [[message, AT] as const, [left, instant('2027-12-31T15:59:59Z')] as const]) {
            if (some.length === 0) continue;
            const body = channel.render(digest(some, { language, at }), { users: [], everybody: false }, shorter);
            expect(bytesOf(body)).toBeLessThanOrEqual(channel.kind === 'webhook' ? 20_000 : 200_000);
            const items: readonly { readonly reminders: readonly Reminder[] }[] = JSON.parse(body).data.items;
            const found = new Map(items.flatMap((item) => item.reminders.map((one) => [one.id, one])));
            expect(found.size).toBe(some.length);
            for (const { id, about, content } of some)
              expect([found.get(id)?.about, factsIn(found.get(id)?.content)]).toEqual([about, factsIn(content)]);
          }
        }
      }
    }),
    { numRuns: 8 },
  );
});

test('a feed holds all of the longest message, and a webhook the most workshops by their whole names', () => {
  const long = { name: '名'.repeat(100), place: '处'.repeat(200), text: '长'.repeat(2000) };
  const told = Array.from({ length: 80 }, (_, n) =>
    reminder('order-issued', { id: `r${n}`, texts: long, content: contentsOf(long)['order-issued'] }),
  );
  const { data } = JSON.parse(channelOf('feed')?.render(digest(told), { users: [], everybody: false }, false) ?? '{}');
  expect(fitting(channelOf('feed') ?? {}, told)).toHaveLength(80);
  const workshops = Array.from({ length: 22 }, (_, n) => ({ workshop: `${n}`.padEnd(40, '车'), points: 9 }));
  const checks = contentsOf(long)['checks-due'];
  if (checks.of !== 'checks') throw new Error('no checks');
  const widest = [1, 2, 3, 4].map((n) =>
    reminder('checks-due', { id: `c${n}`, texts: long, content: { ...checks, places: workshops } }),
  );
  const some = fitting(channelOf('webhook') ?? {}, widest);
  const body = channelOf('webhook')?.render(digest(some), { users: [], everybody: false }, true) ?? '{}';
  expect(some.length).toBeGreaterThan(1);
  const facts: readonly Reminder[] = JSON.parse(body).data.items.flatMap((item: { reminders: unknown }) => item.reminders);
  expect(facts.map(({ content }) => content)).toMatchObject(some.map(() => ({ places: workshops })));
  expect(data.items).toHaveLength(80);
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
