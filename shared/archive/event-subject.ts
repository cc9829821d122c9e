/** What an event is about, for people: subjects of the ledger are keys, and each kind of key has a name. */
import { creditCode } from '../domain/credit-code.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import { COLOUR_NAMES } from '../domain/names.ts';

const OWNERS: Readonly<Record<string, string>> = { ENT: '企业', TOWN: '乡镇', DEPT: '部门' };
/** `ENT:…` → 企业 … */
export const ownerName = (owner: string): string => {
  const [kind = '', ...name] = owner.split(':');
  const word = Object.hasOwn(OWNERS, kind) ? OWNERS[kind] : undefined;
  return word === undefined ? owner : `${word} ${name.join(':')}`;
};

const colour = (code: string): string => Object.entries(COLOUR_NAMES).find(([each]) => each === code)?.[1] ?? code;

/** By what stands before the first `#`; `undefined` where the rest is not as it should be. */
const SUBJECTS: Readonly<Record<string, (parts: readonly string[]) => string>> = {
  ENT: ([uscc]) => `企业 ${uscc}`,
  GOV: ([owner = '']) => ownerName(owner),
  RISK: ([uscc, no]) => `企业 ${uscc} 风险点 ${no}`,
  AREA: ([township, no]) => `乡镇 ${township} 公共区域风险 ${no}`,
  ROUND: ([round]) => `排查 ${round}`,
  SEAL: ([of = '', , owner = '', workshop]) =>
    `${ownerName(owner)}${workshop === undefined ? '' : `（${workshop}）`}${colour(of)}风险排查周期`,
  LIST: ([uscc, month]) => `企业 ${uscc} ${month} 月度隐患清单`,
  HAZ: ([id]) => `隐患 ${id}`,
  INSP: ([id]) => `检查人员 ${id}`,
  ITEMS: ([authority]) => `${authority} 抽查事项清单`,
  PLAN: ([authority, period]) => `${authority} ${period} 抽查计划`,
  SERIES: ([authority]) => `${authority} 抽查序列`,
  DRAW: ([authority, number]) => `${authority} 第 ${Number(number)} 号抽查`,
  TASK: ([authority, number, iteration, place]) => `检查任务 ${authority}.${number}.${iteration}.${place}`,
  KEY: ([level]) => `${level === 'prefecture' ? '州级' : '县级'}重点单位`,
  GRID: ([of = '', target = '']) => (of === 'OF' ? `网格责任对象 ${target}` : `${ownerName(of)}网格`),
  SUB: ([id]) => `提醒渠道 ${id}`,
  SENT: ([id]) => `提醒渠道 ${id} 的发送记录`,
  EXPORT: ([id]) => `导出 ${id}`,
  AUDIT: ([id]) => `审计任务 ${id}`,
  PERSONAL: (of) => `${subjectName(of.join('#'))}的个人信息`,
  LOG: () => '封存日志',
  XCHG: ([uscc, table, id]) => `企业 ${uscc} 交换数据 ${table} ${id}`,
};

/** What people call the subject; a kind that this version does not know stays as it is. */
export function subjectName(subject: string): string {
  const [kind = '', ...parts] = subject.split('#');
  const name = Object.hasOwn(SUBJECTS, kind) ? SUBJECTS[kind] : undefined;
  return name === undefined ? subject : name(parts);
}

const USCC = /(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])/g;
const codeIn = (text: string): string | undefined => text.match(USCC)?.find((code) => creditCode.is(code));

/** Where an event names an enterprise: its subject, then what it is of, then for whom its doer acts. */
export function enterpriseOfEvent({ subject, data, actor }: Pick<LedgerEvent, 'subject' | 'data' | 'actor'>): string | undefined {
  const members = typeof data === 'object' && data !== null ? data : {};
  const named = ['owner', 'object', 'pages', 'uscc'].flatMap((name) => {
    const value: unknown = Reflect.get(members, name);
    return value === undefined ? [] : [JSON.stringify(value)];
  });
  for (const text of [subject, ...named, actor.owner ?? '']) {
    const code = codeIn(text);
    if (code !== undefined) return code;
  }
  return undefined;
}
