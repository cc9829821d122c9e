/**
 * Our own records as rows of the exchange tables. A row is named by the hash of its record's name and its place in it, which never change. What
 * names a person is not told: a post stands in its place, and the row says which columns are to be filled by people.
 */
import type { Cadence, Instant } from '../domain/calendar.ts';
import { dayOf, plusMs, timeText } from '../domain/calendar.ts';
import type { RoundData } from '../domain/check-round.ts';
import type { Colour } from '../domain/colour.ts';
import { isCommitment, shownText } from '../domain/commitment.ts';
import type { CreditCode } from '../domain/credit-code.ts';
import type { ExchangeRow, ExchangeTable } from '../domain/exchange.ts';
import type { Hazard } from '../domain/hazard.ts';
import type { PersonId, RiskNo } from '../domain/ids.ts';
import { ROLE_NAMES } from '../domain/names.ts';
import { enterpriseOwner } from '../domain/owner.ts';
import type { ExchangeTimes } from '../domain/rebuild-exchange.ts';
import type { Control, ControlLevel, RiskPoint } from '../domain/register-risk.ts';
import { riskSubject } from '../domain/register-risk.ts';
import type { Suspension } from '../domain/register-suspension.ts';
import { sha256 } from '../draw/bytes.ts';
import { ACCEPTED, type CycleUnit, columnOf, DELETED, NOT_DELETED } from './tables.ts';

/** `toFill`: columns that hold a post, or less than the record says, until a person fills them. */
export interface OwnRow {
  readonly table: ExchangeTable;
  readonly row: ExchangeRow;
  readonly toFill: readonly string[];
  /** Somebody sent it: it is none of ours. */
  readonly isReceived?: true;
}

const ID_LENGTH = 32;
/** The name of a part of a record, for ever. */
export const rowId = (subject: string, part: string): string => sha256(`sxj-exchange-1 ${subject} ${part}`).slice(0, ID_LENGTH);

/** Names of the parts of a risk. */
const UNIT = 'unit';
const OBJECT = 'object';
const EVENT = 'event';
const measurePart = (place: number): string => `measure.${place}`;
const taskPart = (place: number): string => `task.${place}`;

type When = Pick<ExchangeTimes, 'createdAt' | 'createdBy' | 'changedAt' | 'changedBy'>;

const common = (id: string, creditCode: CreditCode, { createdAt, createdBy, changedAt, changedBy }: When): ExchangeRow => ({
  ...{ id, creditCode, deleted: NOT_DELETED },
  ...{ createDate: timeText(createdAt), createBy: createdBy, updateDate: timeText(changedAt), updateBy: changedBy },
});

const tombstone = (table: ExchangeTable, id: string, creditCode: CreditCode, when: When): OwnRow => ({
  table,
  row: { ...common(id, creditCode, when), deleted: DELETED },
  toFill: [],
});

/** A row of what is known; texts that are longer than their column, or of a person, are told as far as they may be. */
function ownRow(
  table: ExchangeTable,
  head: ExchangeRow,
  said: Readonly<Record<string, string | number | undefined>>,
  toFill: readonly string[] = [],
): OwnRow {
  const row: Record<string, string | number> = { ...head };
  const short = new Set(toFill);
  for (const [name, value] of Object.entries(said)) {
    if (value === undefined) continue;
    if (typeof value === 'number') {
      row[name] = value;
      continue;
    }
    if (isCommitment(value)) short.add(name);
    const [text, most] = [oneText(shownText(value)), columnOf(table, name)?.most ?? Number.POSITIVE_INFINITY];
    // Seldom: only then is it counted by whole characters.
    const whole = text.length > most ? [...text] : [];
    if (whole.length > most) short.add(name);
    row[name] = whole.length > most ? `${whole.slice(0, most - 1).join('')}…` : text;
  }
  return { table, row, toFill: [...short] };
}

const oneText = (text: string): string => text.replace(/[^\P{Cc}\n\t]|\p{Surrogate}/gu, ' ');

const RISK_LEVELS: Readonly<Record<Colour, string>> = { RED: '0', ORANGE: '1', YELLOW: '2', BLUE: '3' };
const POSTS: Readonly<Record<ControlLevel, string>> = {
  enterprise: '企业负责人',
  workshop: '车间负责人',
  team: '班组长',
  post: '岗位人员',
};
const WHOLE_ENTERPRISE = '本单位';

/** Our kinds of control as the tables' classes: what is isolated, done by technique or watched is engineering, protection belongs to emergencies. */
const CLASSES: Readonly<Record<Control['kind'], readonly [source: string, first: string, second: string]>> = {
  isolation: ['2', '1', '1-5'],
  technical: ['2', '1', '1-5'],
  protection: ['2', '4', '4-2'],
  monitoring: ['1', '1', '1-4'],
};

/** The tables' nearest cycle: a week or half a month is none of their units, so the fixed window is lost (`losses.ts`). */
const CYCLES: Readonly<Record<Cadence, readonly [cycle: number, unit: CycleUnit]>> = {
  day: [1, '天'],
  week: [7, '天'],
  'half-month': [15, '天'],
  month: [1, '月'],
  'two-month': [2, '月'],
  quarter: [3, '月'],
  year: [1, '年'],
};

/** An enterprise as a whole is the object of what is no registered installation. */
export const objectCode = (enterprise: CreditCode): string => enterprise;

export function rowsOfEnterprise(enterprise: CreditCode, times: ExchangeTimes): readonly OwnRow[] {
  const code = objectCode(enterprise);
  return [
    ownRow('object', common(rowId(`ENT#${enterprise}`, OBJECT), enterprise, times), { hazardCode: code, objectCode: code }),
  ];
}

/** Names of the rows of a risk that somebody else's rows may hang on, by table. */
export interface RiskRowIds {
  readonly object: string;
  readonly unit: string;
  readonly event: string;
  readonly measure: (place: number) => string;
  readonly task: (place: number) => string;
}

export function idsOfRisk(subject: string): RiskRowIds {
  return {
    object: rowId(subject, OBJECT),
    unit: rowId(subject, UNIT),
    event: rowId(subject, EVENT),
    measure: (place) => rowId(subject, measurePart(place)),
    task: (place) => rowId(subject, taskPart(place)),
  };
}

/** `colour`: under which it counts; a risk that does not count any more is deleted, with all its parts. */
export interface OwnRisk {
  readonly enterprise: CreditCode;
  readonly subject: string;
  readonly risk: RiskPoint | undefined;
  readonly colour: Colour | undefined;
  readonly cadence: (colour: Colour) => Cadence;
  readonly times: ExchangeTimes;
}

const AT_ANY_HOUR = { workDayType: '0', workType: '0' };

export function rowsOfRisk({ enterprise, subject, risk, colour, cadence, times }: OwnRisk): readonly OwnRow[] {
  const ids = idsOfRisk(subject);
  const dead = (table: ExchangeTable, id: string, createdAt: Instant): OwnRow =>
    tombstone(table, id, enterprise, { ...times, createdAt });
  const { measures, object } = times;
  const hasObject = risk?.content.majorInstallation?.registration !== undefined;
  if (risk === undefined || colour === undefined || times.isGone) {
    return [
      ...(object === undefined ? [] : [dead('object', ids.object, object)]),
      dead('unit', ids.unit, times.createdAt),
      dead('event', ids.event, times.createdAt),
      ...measures.flatMap((at, place) => [dead('measure', ids.measure(place), at), dead('task', ids.task(place), at)]),
    ];
  }
  const { content } = risk;
  const head = (id: string, createdAt = times.createdAt): ExchangeRow => common(id, enterprise, { ...times, createdAt });
  const hazardCode = content.majorInstallation?.registration ?? objectCode(enterprise);
  const [checkCycle, checkCycleUnit] = CYCLES[cadence(colour)];
  const post = content.post ?? POSTS[content.controls[0]?.level ?? 'enterprise'];
  const rows: OwnRow[] = [
    ownRow(
      'unit',
      head(ids.unit),
      {
        ...{ hazardCode, hazardDep: content.workshop ?? WHOLE_ENTERPRISE, hazardLiablePerson: post },
        ...{ riskUnitName: content.name, riskLevel: RISK_LEVELS[colour] },
      },
      ['hazardLiablePerson'],
    ),
    ownRow('event', head(ids.event), { riskUnitId: ids.unit, riskEventName: content.mainRisk }),
  ];
  if (object !== undefined) {
    rows.push(hasObject ? ownRow('object', head(ids.object, object), { hazardCode }) : dead('object', ids.object, object));
  }
  for (const [place, at] of measures.entries()) {
    const control = content.controls[place];
    if (control === undefined) {
      rows.push(dead('measure', ids.measure(place), at), dead('task', ids.task(place), at));
      continue;
    }
    const [dataSrc, classify1, classify2] = CLASSES[control.kind];
    const { text, unit } = control;
    rows.push(
      ownRow('measure', head(ids.measure(place), at), {
        ...{ riskEventId: ids.event, dataSrc, riskMeasureDesc: text, classify1, classify2, classify3: unit },
        troubleshootContent: text,
      }),
      ownRow('task', head(ids.task(place), at), {
        ...{ riskMeasureId: ids.measure(place), troubleshootContent: text, checkCycle, checkCycleUnit },
        ...{ taskStartTime: timeText(at), ...AT_ANY_HOUR },
      }),
    );
  }
  return rows;
}

const STOP_KINDS: Readonly<Record<Suspension['kind'], string>> = {
  'production-stop': '停产',
  maintenance: '检修',
  'out-of-use': '停用',
};

/** A stop of chosen points is one row for each of them; any other is one of the enterprise. One that was lifted before it began never was. */
export function rowsOfStop(
  enterprise: CreditCode,
  stop: Suspension,
  installation: (no: RiskNo) => string | undefined,
): readonly OwnRow[] {
  const { id, scope, from, until, approvedAt, approvedBy, lifted } = stop;
  const owner = enterpriseOwner(enterprise);
  const changedAt = lifted?.at ?? approvedAt;
  const when: When = { createdAt: approvedAt, createdBy: approvedBy, changedAt, changedBy: approvedBy };
  const where = scope.of === 'workshop' ? `（${scope.workshop}）` : '';
  const nos: readonly (RiskNo | undefined)[] = scope.of === 'points' ? scope.points : [undefined];
  return nos.map((no): OwnRow => {
    const rowOf = rowId(`STOP#${enterprise}#${id}`, no ?? 'all');
    if (lifted !== undefined && lifted.at <= from) return tombstone('stop', rowOf, enterprise, when);
    return ownRow('stop', common(rowOf, enterprise, when), {
      hazardCode: (no && installation(no)) ?? objectCode(enterprise),
      ...(no && { riskUnitId: idsOfRisk(riskSubject({ owner, no })).unit }),
      ...{ stopStartTime: timeText(from), stopEndTime: timeText(until) },
      stopReason: `${STOP_KINDS[stop.kind]}${where}：${shownText(stop.reason)}`,
    });
  });
}

/** A row of a check ends as its task begins: so it is known for ours by its name alone, though rounds stand in the ledger only. */
const HALF = ID_LENGTH / 2;
export const endOfChecks = (task: string): string => task.slice(0, HALF);
export const endOfCheck = (record: string): string => record.slice(HALF);
const recordId = (round: string, risk: string, place: number): string =>
  `${rowId(`${round} ${risk}`, `record.${place}`).slice(0, HALF)}${endOfChecks(idsOfRisk(risk).task(place))}`;

/** As many as a risk may have: those that it had and has no more have checks too. */
const MOST_MEASURES = 40;
/** Which column of a row says that it is a check of one of these risks: its name is ours, or the task that was done. */
export function ownCheckOf(subjects: Iterable<string>): (row: ExchangeRow) => 'id' | 'checkTaskId' | undefined {
  const tasks = new Set<string>();
  for (const subject of subjects) {
    const { task } = idsOfRisk(subject);
    for (let place = 0; place < MOST_MEASURES; place++) tasks.add(task(place));
  }
  const ends = new Set([...tasks].map(endOfChecks));
  return ({ id, checkTaskId }) => {
    if (ends.has(endOfCheck(String(id)))) return 'id';
    return tasks.has(String(checkTaskId)) ? 'checkTaskId' : undefined;
  };
}

/** The names of the rows of the check that found a hazard: somebody else's may hang on them. */
export function recordIdsOf({ owner, finding: { risk: no, round } }: Hazard, risk: RiskPoint | undefined): readonly string[] {
  if (no === undefined || round === undefined || risk === undefined) return [];
  return risk.content.controls.map((_, place) => recordId(`ROUND#${round}`, riskSubject({ owner, no }), place));
}
const FINDS = { y: '0', n: '1', x: '2' } as const;
const isAnswer = (letter: string): letter is keyof typeof FINDS => Object.hasOwn(FINDS, letter);

/** What a round answered, measure by measure. `measures`: how many a point has had, for those to which the check did not apply. */
export function rowsOfRound(
  enterprise: CreditCode,
  round: { readonly subject: string; readonly data: RoundData; readonly at: Instant; readonly by: PersonId },
  measures: (no: RiskNo) => number,
): readonly OwnRow[] {
  const { subject, at, by } = round;
  const { answers = {}, notApplicable = {}, claimed = {}, checkedAt } = round.data;
  // The same in all its rows, of which a round has hundreds.
  const head = common('', enterprise, { createdAt: at, createdBy: by, changedAt: at, changedBy: by });
  const rowsAt = (no: RiskNo, letters: string): OwnRow[] => {
    const risk = riskSubject({ owner: enterpriseOwner(enterprise), no });
    const checkTime = timeText((Object.hasOwn(claimed, no) ? claimed[no] : undefined) ?? checkedAt);
    return [...letters].map((letter, place) =>
      ownRow(
        'record',
        { ...head, id: recordId(subject, risk, place) },
        {
          ...{ checkTaskId: idsOfRisk(risk).task(place), checkTime, isDefend: '0' },
          checkStatus: isAnswer(letter) ? FINDS[letter] : FINDS.x,
        },
      ),
    );
  };
  const none = Object.keys(notApplicable) as RiskNo[];
  return [
    ...Object.entries(answers).flatMap(([no, letters]) => rowsAt(no as RiskNo, letters)),
    ...none.flatMap((no) => rowsAt(no, 'x'.repeat(measures(no)))),
  ];
}

const FEN_OF_TEN_THOUSAND = 1_000_000;
/** Exact, in 万元. */
function tenThousands(fen: number): string {
  const rest = String(fen % FEN_OF_TEN_THOUSAND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.floor(fen / FEN_OF_TEN_THOUSAND)}${rest === '' ? '' : `.${rest}`}`;
}

const DANGER_STATES: Readonly<Record<Hazard['stage'], string>> = {
  registered: '0',
  'awaiting-plan': '0',
  'awaiting-plan-review': '0',
  rectifying: '0',
  'awaiting-acceptance': '1',
  'awaiting-resumption': '1',
  closed: ACCEPTED,
  withdrawn: ACCEPTED,
};
/** Of the tables' kinds of check: the enterprise's own day's work, what somebody reported, what an authority found. */
const DANGER_SOURCES: Readonly<Record<Hazard['finding']['source'], string>> = {
  'self-check': '1',
  'staff-report': '10',
  inspection: '10',
};
const ACCEPTORS = { general: '本单位验收人员', major: '监管部门验收人员' };

/** What is found not to be one is deleted. */
export function rowsOfHazard(enterprise: CreditCode, hazard: Hazard, times: ExchangeTimes): readonly OwnRow[] {
  const { id, finding, grade, stage, attempts, reportedAt, reportedBy } = hazard;
  const { rectifyBy, measure = 0, found } = times;
  const row = rowId(`HAZ#${id}`, 'hazard');
  if (stage === 'withdrawn' || times.isGone) return [tombstone('hazard', row, enterprise, times)];
  const last = attempts.at(-1);
  const accepted = attempts.findLast(({ verdict }) => verdict?.accepted)?.verdict;
  const at = finding.risk && riskSubject({ owner: enterpriseOwner(enterprise), no: finding.risk });
  const isInTables = at !== undefined && found !== undefined;
  const spent = attempts.reduce((sum, { spentFen = 0 }) => sum + spentFen, 0);
  const isClosed = stage === 'closed';
  return [
    ownRow(
      'hazard',
      common(row, enterprise, times),
      {
        hazardCode: found?.registration ?? objectCode(enterprise),
        ...(isInTables && { riskMeasureId: idsOfRisk(at).measure(measure) }),
        ...(isInTables && finding.round && { checkRecordId: recordId(`ROUND#${finding.round}`, at, measure) }),
        ...{
          dangerName: `${shownText(finding.place)}：${shownText(finding.description)}`,
          dangerLevel: grade?.level === 'major' ? '1' : '0',
        },
        ...{
          registTime: timeText(reportedAt),
          registrant: ROLE_NAMES[reportedBy.role],
          dangerSrc: DANGER_SOURCES[finding.source],
        },
        ...{ dangerManageType: last?.onTheSpot ? '0' : '1', hazardDangerType: '8', hazardCategory: '0' },
        ...{ dangerDesc: finding.description, controlMeasures: last?.account, cost: spent > 0 ? tenThousands(spent) : undefined },
        // The last day on which it is not too late.
        dangerManageDeadline: rectifyBy && dayOf(plusMs(rectifyBy, -1)),
        ...(isClosed && {
          checkAcceptPerson: ACCEPTORS[hazard.grade.level],
          checkAcceptTime: timeText(accepted?.at ?? hazard.closedAt),
          checkAcceptComment: accepted?.note,
        }),
        dangerState: DANGER_STATES[stage],
        ...{ dangerImg: finding.evidence.join(';') || undefined, dangerAcceptImg: last?.evidence.join(';') || undefined },
      },
      [
        ...['registrant', 'hazardDangerType', 'hazardCategory', 'liablePerson'],
        ...(isClosed ? ['checkAcceptPerson'] : []),
        // What is not known yet, or nowhere said: the likely one stands there.
        ...(grade === undefined ? ['dangerLevel'] : []),
        ...(stage === 'registered' ? ['dangerManageType'] : []),
        ...(finding.round === undefined ? ['dangerSrc'] : []),
      ],
    ),
  ];
}
