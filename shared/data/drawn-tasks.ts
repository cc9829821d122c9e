/** What a draw drew, as tasks: from the lines of its result and what is known of their objects. */
import { type Day, dayOf, type Instant } from '../domain/calendar.ts';
import { COLOURS, type Colour } from '../domain/colour.ts';
import { type Draw, type Iteration, paddedNumber } from '../domain/draw.ts';
import { type CountyCode, type ItemNo, itemNo, objectId, personId, type TaskId, taskId } from '../domain/ids.ts';
import type { DrawnTask, TeamMember } from '../domain/task.ts';
import type { Unfit } from '../domain/task-team.ts';
import { resultFile } from '../draw/bundle.ts';
import { readJson } from '../draw/canonical-json.ts';
import { result, type Selected } from '../draw/result.ts';
import { inspectorsIn, itemsIn, itemsOfStrata } from '../draw/rosters.ts';
import type { DrawFiles } from './draw-files.ts';

const colourOf = ({ stratum }: Selected): Colour => {
  const colour = COLOURS.find((each) => stratum.startsWith(`${each}.`));
  if (colour === undefined) throw new Error(`the stratum ${stratum} begins with no colour`);
  return colour;
};

/** `R.YJJ.000017.1.0003` */
const drawnTaskId = ({ authority, number }: Draw, iteration: number, index: number, line: Selected): TaskId =>
  taskId([colourOf(line).charAt(0), authority, paddedNumber(number), iteration, String(index + 1).padStart(4, '0')].join('.'));

const teamOf = ({ team }: Selected, roleOf: ReadonlyMap<string, string>): TeamMember[] =>
  team.map((id) => ({ id: personId(id), role: roleOf.get(id) === 'expert' ? 'expert' : 'enforcer' }));

const dayText = (day: string) => day as Day; // a real date by the schema of results

/** An iteration that was drawn. */
export type Drawn = Iteration & { readonly result: NonNullable<Iteration['result']> };

/** A line of the result, with the task that is made of it. */
export interface DrawnLine {
  readonly line: Selected;
  readonly id: TaskId;
  /** What its visit goes through. */
  readonly items: readonly ItemNo[];
}

/** What an iteration drew, in the order of its result, and in which role each of the roster goes. */
export async function drawnLines(
  files: Pick<DrawFiles, 'read'>,
  draw: Draw,
  { no, result: drawnAs }: Drawn,
): Promise<{ readonly lines: readonly DrawnLine[]; readonly roleOf: ReadonlyMap<string, string> }> {
  const { selected } = readJson(result, await files.read(drawnAs.sha256), resultFile(no));
  const roleOf = new Map(inspectorsIn(await files.read(draw.files.inspectors)).map(({ inspector, role }) => [inspector, role]));
  const itemsOf = itemsOfStrata(itemsIn(await files.read(draw.files.items)));
  const lines = selected.map((line, index) => ({
    line,
    id: drawnTaskId(draw, no, index, line),
    items: (line.items.length > 0 ? line.items : (itemsOf.get(line.stratum) ?? [])).map(itemNo),
  }));
  return { lines, roleOf };
}

/**
 * Who is sent when. A day of visits lies behind the day of the draw; where the randomness came so late that the drawn one does not, or one
 * of the team may not go by now, nobody is sent: another day or person is a choice, and a person makes it by hand, with his reason, in
 * sight of what was drawn.
 */
export function sentOf(
  line: Selected,
  roleOf: ReadonlyMap<string, string>,
  at: Instant,
  unfitFor: (team: readonly TeamMember[], day: Day) => Unfit | undefined,
): Pick<DrawnTask, 'day' | 'team' | 'passed'> {
  const team = teamOf(line, roleOf);
  if (line.day === null) return { team };
  const day = dayText(line.day);
  if (day <= dayOf(at)) return { team: [], passed: { day, team } };
  const because = unfitFor(team, day);
  return because === undefined ? { day, team } : { team: [], passed: { day, team, because } };
}

/** The task of a line, with who is sent where. */
export function drawnFrom(
  county: CountyCode,
  draw: Draw,
  { no, result: drawnAs }: Drawn,
  line: Selected,
  sent: Pick<DrawnTask, 'id' | 'items' | 'day' | 'team' | 'passed' | 'owner' | 'township' | 'supervisor'>,
): DrawnTask {
  const { authority, number, kind, period, window } = draw;
  return {
    ...sent,
    county,
    authority,
    number,
    kind,
    period,
    window,
    iteration: no,
    stratum: line.stratum,
    colour: colourOf(line),
    object: objectId(line.object),
    ticket: line.ticket,
    drawnAt: drawnAs.at,
  };
}
