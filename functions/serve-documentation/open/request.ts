/** What a link of a message opens: its path after `#`, as the request to the API that answers it. Runs in the reader's browser. */

export type View =
  | 'hazard'
  | 'duties'
  | 'list'
  | 'task'
  | 'draw'
  | 'draws'
  | 'grid'
  | 'exports'
  | 'subscription'
  | 'subscriptions'
  | 'reminders'
  | 'message'
  | 'outline';

/** What the page asks for. `isList`: page after page, put together. `find`: what of a list it is about. */
export interface Asked {
  readonly view: View;
  /** What the link is about, before anything was read. */
  readonly about: string;
  /** Relative to the page, so that it works below any address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isList: boolean;
  readonly find?: string;
  /** What is asked where the first is not his to see. */
  readonly else?: Pick<Asked, 'view' | 'path'>;
}

/** A link that this page cannot open, and what to do. */
export interface NotAsked {
  readonly says: string;
}

const UNKNOWN: NotAsked = { says: '这个链接不完整或不是本系统的，请回到消息中重新点开，或在系统中查找。' };
const NAME = /^[\w.@:-]{1,120}$/;
const MOST = 200;

const listed = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams({ ...query, limit: String(MOST) })}`;

/** The enterprise that a link names; `undefined` where it names none, `null` where it is about another owner's. */
function enterpriseOf(owner: string | null): string | undefined | null {
  if (owner === null) return undefined;
  return owner.startsWith('ENT:') ? owner.slice('ENT:'.length) : null;
}

/** In a simulated county a link may say `at`. */
export function requestOf(fragment: string): Asked | NotAsked {
  const [path = '', search = ''] = fragment.replace(/^#/, '').split('?');
  const query = new URLSearchParams(search);
  const at = query.get('at');
  const headers: Record<string, string> = at === null ? {} : { 'x-simulated-at': at };
  let names: string[];
  try {
    names = path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return UNKNOWN;
  }
  if (!names.every((name) => NAME.test(name))) return UNKNOWN;
  const one = (view: View, about: string, of: string): Asked => ({ view, about, path: of, headers, isList: false });
  const all = (view: View, about: string, of: string): Asked => ({ view, about, path: of, headers, isList: true });
  const [kind, first = '', second = ''] = names;
  const enterprise = enterpriseOf(query.get('owner'));
  const of = enterprise === undefined || enterprise === null ? {} : { enterprise };
  switch (`${kind} ${names.length}`) {
    case 'hazards 2':
      return one('hazard', `隐患 ${first}`, `v1/hazards/${first}`);
    case 'tasks 2':
      return {
        ...one('task', `检查任务 ${first}`, `v1/tasks/${first}`),
        else: { view: 'outline', path: `v1/tasks/${first}/outline` },
      };
    case 'draws 3':
      return one('draw', `抽查 ${first} 第 ${second} 号`, `v1/draws/${first}/${second}`);
    case 'draws 2':
      return all('draws', `${first} 的抽查`, listed('v1/draws', { authority: first }));
    case 'subscriptions 1':
      return all('subscriptions', '提醒渠道', listed('v1/subscriptions', {}));
    case 'subscriptions 2':
      return {
        ...one('subscription', '提醒渠道', `v1/subscriptions/${first}`),
        else: { view: 'subscription', path: `v1/subscriptions/${first}/state` },
      };
    case 'reminders 2':
      return all('reminders', '这个渠道收到的提醒', listed('v1/deliveries', { subscription: first }));
    case 'reminders 3':
      if (!/^\d{1,10}$/.test(second)) return UNKNOWN;
      return one('message', `第 ${second} 条消息`, `v1/subscriptions/${first}/messages/${second}`);
    case 'duties 1': {
      if (enterprise === null) return { says: '公共区域没有按周期的排查任务；发现的隐患和网格责任请从各自的链接打开。' };
      const workshop = query.get('workshop');
      return all('duties', '应做的排查', listed('v1/duties', { ...of, ...(workshop !== null && { workshop }) }));
    }
    case 'lists 1': {
      if (enterprise === null) return { says: '公共区域没有月度清单，请登录系统查看。' };
      const month = query.get('month') ?? '';
      if (!/^\d{4}-\d\d$/.test(month)) return UNKNOWN;
      const search = new URLSearchParams(of).toString();
      return one('list', `${month} 隐患清单`, `v1/hazard-lists/${month}${search === '' ? '' : `?${search}`}`);
    }
    case 'exports 1': {
      const kind = query.get('kind');
      if (kind !== 'month' && kind !== 'day') return UNKNOWN;
      return all('exports', kind === 'month' ? '月度导出包' : '每日导出包', listed('v1/exports', { kind }));
    }
    case 'grid 1': {
      const find = query.get('target');
      if (find === null) return UNKNOWN;
      return { ...all('grid', '网格责任缺口', listed('v1/grid/gaps', {})), find };
    }
    default:
      return UNKNOWN;
  }
}
