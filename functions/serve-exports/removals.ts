/**
 * Taking a person's data away: salts and values of a subject go, the commitments stay, and say nothing any more. What people still work with
 * is corrected there first, or it would be written down again with the next change; what only tells what was done is blotted out here.
 */
import type * as z from 'zod';
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { PersonalStore } from '../../shared/data/personal-store.ts';
import type { SubjectItems } from '../../shared/data/subject-items.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { type CommittedValue, type CommittedValues, personalSubject, textsIn } from '../../shared/domain/commitment.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { removePersonalData } from './api.ts';
import type { removedOut } from './exports-out.ts';

export interface RemovalDependencies {
  readonly personal: PersonalStore;
  readonly ledger: Pick<LedgerStore, 'lastOf'>;
  readonly items: SubjectItems;
  /** After so long nothing is left in answers to commands. */
  readonly answersKept: (at: Instant) => number;
}

/** Beside the fact and the command, as many events as a transaction holds with room to spare. */
const AT_ONCE = 80;

type Of = Request<typeof removePersonalData>['body']['of'];

const same = (a: string, b: string): boolean => a.normalize('NFC') === b.normalize('NFC');

/** Whether a value is meant: by itself, or by its member, of which any part may be `*`. */
function isMeant(of: Of): (value: CommittedValue) => boolean {
  if (of.by === 'value') return ({ value }) => same(value, of.value);
  const wanted = of.path.split('.');
  return ({ path }) => {
    const parts = path.split('.');
    return parts.length === wanted.length && wanted.every((part, place) => part === '*' || part === parts[place]);
  };
}

async function* eachOf(personal: PersonalStore, subject: string): AsyncGenerator<CommittedValues> {
  let cursor: string | undefined;
  do {
    const page = await personal.ofSubject(subject, AT_ONCE, cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const countOf = (touched: readonly CommittedValues[], isGone: (value: CommittedValue) => boolean): number =>
  touched.reduce((sum, { values }) => sum + values.filter(isGone).length, 0);

/** Of some texts those that stand in an item, or in a part of it. */
const textsOf = (item: unknown, texts: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...textsIn(item)].map(({ text }) => text.normalize('NFC')).filter((text) => texts.has(text)));

const saysGone = (days: number): string =>
  `已清除。承诺值和全部证明不变；以前提交的回执最迟${days}天后删除，全部备份再过35天过期。`;

export const removeData =
  ({ personal, ledger, items, answersKept }: RemovalDependencies) =>
  async (asked: Request<typeof removePersonalData>): Promise<z.input<typeof removedOut>> => {
    const { subject, of, reason } = asked.body;
    const isGone = isMeant(of);
    const touched: CommittedValues[] = [];
    for await (const one of eachOf(personal, subject)) if (one.values.some(isGone)) touched.push(one);
    if (touched.length === 0) {
      throw new Problem(404, 'nothing-to-remove', '这个对象没有符合条件的个人信息，可能已经清除，请核对对象和内容。');
    }
    const gone = touched.flatMap(({ values }) => values.filter(isGone));
    const texts = new Set(gone.map(({ value }) => value.normalize('NFC')));
    const blotOut = async (): Promise<void> => {
      const standing = await items.of(subject);
      const inUse = new Set(standing.flatMap((one) => [...textsOf(one.inUse, texts)]));
      if (inUse.size > 0) {
        const members = [...new Set(gone.filter(({ value }) => inUse.has(value.normalize('NFC'))).map(({ path }) => path))];
        throw new Problem(409, 'still-registered', '登记中仍有这些信息，请先在登记中更正或删去，再来清除台账中的。', { members });
      }
      for (const one of standing) {
        const found = textsOf(one.item, texts);
        if (found.size > 0) await items.blot(one, found);
      }
    };
    // Before the values go: where it breaks off, it is asked again and finds them.
    await blotOut();

    const counts = (some: readonly CommittedValues[]) => ({ values: countOf(some, isGone), events: some.length });
    const answer = { ...counts(touched), says: saysGone(answersKept(asked.at)) };
    let last = (await ledger.lastOf(personalSubject(subject)))?.sequence ?? 0;
    for (let from = 0; from < touched.length; from += AT_ONCE) {
      const some = touched.slice(from, from + AT_ONCE);
      const isLast = from + AT_ONCE >= touched.length;
      // What had loaded a state before it was blotted out has written it by now: blotting raises no version.
      if (isLast) await blotOut();
      await personal.remove({
        subject,
        left: some.map((one) => ({ ...one, values: one.values.filter((value) => !isGone(value)) })),
        fact: { type: 'PersonalDataRemoved', data: { of: subject, ...counts(some), reason } },
        last,
        occasion: occasionOf(asked),
        // With the last: what broke off before is gone on with when it is asked again.
        ...(isLast && { command: commandRecord(asked, answer) }),
      });
      last += 1;
    }
    return answer;
  };
