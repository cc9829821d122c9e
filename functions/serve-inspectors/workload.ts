/** How much each inspector has to do: what is open, and what falls into the month. */
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { monthBounds } from '../../shared/domain/figures.ts';
import { type Department, GOVERNMENT, type PersonId } from '../../shared/domain/ids.ts';
import { isStanding } from '../../shared/domain/inspection-coverage.ts';
import { isOpenTask, type Task } from '../../shared/domain/task.ts';
import type { Keeping } from './keeping.ts';

export interface Workload {
  readonly open: number;
  readonly month: number;
}

const PER_REQUEST = 200;

/** Every draw of an authority. */
export async function* drawsOf({ draws }: Pick<Keeping, 'draws'>, authority: Department): AsyncGenerator<Draw> {
  for (const standing of STANDINGS) {
    let cursor: string | undefined;
    do {
      const page = await draws.ofStanding(standing, PER_REQUEST, cursor, authority);
      yield* page.items.map(({ draw }) => draw);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

async function* openTasksOf({ tasks, county }: Pick<Keeping, 'tasks' | 'county'>, authority: Department): AsyncGenerator<Task> {
  let cursor: string | undefined;
  do {
    const page = await tasks.openByDue(county, authority, PER_REQUEST, cursor);
    yield* page.items.map(({ task }) => task);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function countAll(deps: Keeping, authority: Department, at: Instant): Promise<ReadonlyMap<PersonId, Workload>> {
  const month = dayOf(at).slice(0, 'yyyy-mm'.length);
  const { from, until } = monthBounds(month);
  const counted = new Map<PersonId, { open: number; month: number }>();
  const add = ({ team }: Task, what: keyof Workload): void => {
    for (const { id } of team) {
      const load = counted.get(id) ?? { open: 0, month: 0 };
      load[what] += 1;
      counted.set(id, load);
    }
  };
  const isInMonth = (day: Day | undefined): boolean => day?.startsWith(month) === true;
  // The government sends whom the departments have.
  for (const sender of new Set([authority, GOVERNMENT])) {
    for await (const task of openTasksOf(deps, sender)) if (isOpenTask(task)) add(task, 'open');
    for await (const { window, number } of drawsOf(deps, sender)) {
      if (window.until <= from || until <= window.from) continue;
      for (const { task } of await deps.tasks.ofDraw(deps.county, sender, number)) {
        if (isStanding(task) && isInMonth(task.day)) add(task, 'month');
      }
    }
  }
  return counted;
}

/** Counted once for each authority of a request. */
export function workloads(deps: Keeping, at: Instant): (authority: Department, id: PersonId) => Promise<Workload> {
  const known = new Map<Department, Promise<ReadonlyMap<PersonId, Workload>>>();
  return async (authority, id) => {
    const counted = known.get(authority) ?? countAll(deps, authority, at);
    known.set(authority, counted);
    return (await counted).get(id) ?? { open: 0, month: 0 };
  };
}
