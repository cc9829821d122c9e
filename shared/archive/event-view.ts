/** An event as a row that people read (role `view` of a bundle): the record beside it says the same to the byte. */
import { type Day, dayOf, type Instant } from '../domain/calendar.ts';
import type { Role } from '../domain/caller.ts';
import type { Standing } from '../domain/colour.ts';
import { ROLE_NAMES, STANDING_NAMES } from '../domain/names.ts';
import type { View } from '../domain/view.ts';
import { canonical, type Json } from '../draw/canonical-json.ts';
import type { LoggedEvent } from './entry.ts';
import { enterpriseOfEvent, ownerName, subjectName } from './event-subject.ts';
import { typeName, whatHappened } from './event-words.ts';

export interface EventRow {
  readonly index: number;
  readonly at: Instant;
  /** The day of the zone on which it happened: the `date=` under which the record lies. */
  readonly date: Day;
  readonly county: string;
  readonly colour: Standing;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly id: string;
  readonly actor: string;
  readonly role: Role;
  /** For whom he acts. */
  readonly owner: string | undefined;
  /** The enterprise that it is about, by its credit code, where its subject or its data name one. */
  readonly enterprise: string | undefined;
  /** One line for people. */
  readonly what: string;
  readonly schema: number;
  /** Canonical. */
  readonly data: string;
}

/** Members that are not there are not written, as in the entry. */
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const text = (data: unknown): string => Buffer.from(canonical(json(data))).toString();

/** The row of an event. `data` is the whole of it, also where its entry holds only the hash. */
export function eventRow(event: LoggedEvent): EventRow {
  const { index, at, county, colour, type, subject, sequence, id, actor, schema, data } = event;
  return {
    index,
    at,
    date: dayOf(at),
    county,
    colour,
    type,
    subject,
    sequence,
    id,
    actor: actor.id,
    role: actor.role,
    owner: actor.owner,
    enterprise: enterpriseOfEvent(event),
    what: whatHappened(type, data),
    schema,
    data: text(data),
  };
}

/** A word for a code that this version may not know: a record of another version stays readable. */
const worded = (words: Readonly<Record<string, string>>, code: string): string =>
  Object.hasOwn(words, code) ? (words[code] ?? code) : code;

/** What people need first, then what tools need. Parquet, and the tables of a lake, have all of it too. */
export const EVENT_VIEW: View<EventRow> = {
  title: '事件',
  columns: [
    { name: 'index', heading: '序号', kind: 'integer', width: 10, of: ({ index }) => index },
    { name: 'at', heading: '时间', kind: 'instant', width: 20, of: ({ at }) => at },
    { name: 'colour_name', heading: '颜色', kind: 'text', width: 10, of: ({ colour }) => worded(STANDING_NAMES, colour) },
    { name: 'type_name', heading: '事项', kind: 'text', width: 18, of: ({ type }) => typeName(type) },
    { name: 'subject_name', heading: '对象', kind: 'text', width: 34, of: ({ subject }) => subjectName(subject) },
    { name: 'what', heading: '内容', kind: 'text', width: 70, of: ({ what }) => what },
    { name: 'role_name', heading: '办理人身份', kind: 'text', width: 14, of: ({ role }) => worded(ROLE_NAMES, role) },
    { name: 'actor', heading: '办理人编号', kind: 'text', width: 16, of: ({ actor }) => actor },
    { name: 'owner_name', heading: '代表单位', kind: 'text', width: 24, of: ({ owner }) => owner && ownerName(owner) },
    { name: 'enterprise', heading: '统一社会信用代码', kind: 'text', width: 21, of: ({ enterprise }) => enterprise },
    { name: 'date', heading: '日期', kind: 'day', width: 12, of: ({ date }) => date },
    { name: 'county', heading: '县代码', kind: 'text', width: 9, of: ({ county }) => county },
    { name: 'colour', heading: '颜色代码', kind: 'text', width: 10, of: ({ colour }) => colour },
    { name: 'type', heading: '事项代码', kind: 'text', width: 24, of: ({ type }) => type },
    { name: 'subject', heading: '对象代码', kind: 'text', width: 34, of: ({ subject }) => subject },
    { name: 'sequence', heading: '对象内序号', kind: 'integer', width: 11, of: ({ sequence }) => sequence },
    { name: 'id', heading: '事件编号', kind: 'text', width: 36, of: ({ id }) => id },
    { name: 'role', heading: '身份代码', kind: 'text', width: 18, of: ({ role }) => role },
    { name: 'owner', heading: '单位代码', kind: 'text', width: 24, of: ({ owner }) => owner },
    { name: 'schema', heading: '格式版本', kind: 'integer', width: 9, of: ({ schema }) => schema },
    { name: 'data', heading: '原始数据（JSON）', kind: 'json', width: 60, of: ({ data }) => data },
  ],
  whole: ({ index, county, colour, date }) =>
    `county=${county}/colour=${colour}/date=${date} 的 events.jsonl.gz 中 index ${index}`,
};
