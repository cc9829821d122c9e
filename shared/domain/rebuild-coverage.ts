/** What came of a year by a snapshot: the checks of enterprises by month, the visits of draws by kind, the cases by stage. */

import { dayOf, type Instant } from './calendar.ts';
import { COLOURS, type Colour } from './colour.ts';
import type { Draw } from './draw.ts';
import type { DrawKind } from './draw-kind.ts';
import { pageKey } from './duty-name.ts';
import { type Figures, figuresOf, noFigures, sumFigures } from './figures.ts';
import type { Stage } from './hazard.ts';
import type { CountyCode } from './ids.ts';
import { type Coverage, coverageOfStratum, NOTHING, partsOfStratum, sumCoverage } from './inspection-coverage.ts';
import type { Snapshot } from './rebuild.ts';
import type { RebuildRules } from './rebuild-duties.ts';
import type { RebuiltSeal } from './rebuild-register.ts';
import type { RebuiltTask } from './rebuild-tasks.ts';

/** `state/coverage.json` */
export interface CoverageState {
  readonly county: CountyCode;
  readonly at: Instant;
  readonly year: string;
  readonly checks: readonly { readonly month: string; readonly byColour: Readonly<Record<Colour, Figures>> }[];
  readonly visits: readonly { readonly kind: DrawKind; readonly colour: Colour; readonly coverage: Coverage }[];
  /** Cases that stand in the snapshot, by their stage. */
  readonly hazards: Partial<Readonly<Record<Stage, number>>>;
}

/** The months of the year that have begun. */
function monthsThrough(at: Instant): readonly string[] {
  const [year = '', month = ''] = dayOf(at).split('-');
  return Array.from({ length: Number(month) }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
}

function checksOfYear({ parts }: Snapshot, at: Instant, { cadencesAt }: RebuildRules): CoverageState['checks'] {
  const sealed = new Map<string, RebuiltSeal[]>();
  for (const { state } of parts.seals.values()) {
    const of = sealed.get(pageKey(state)) ?? [];
    sealed.set(pageKey(state), of);
    of.push(state);
  }
  const cadences = cadencesAt(at);
  return monthsThrough(at).map((month) => {
    const byColour = { RED: noFigures, ORANGE: noFigures, YELLOW: noFigures, BLUE: noFigures };
    for (const { state: page } of parts.duties.values()) {
      const figures = figuresOf(page, cadences[page.colour], month, at, sealed.get(pageKey(page)) ?? []);
      byColour[page.colour] = sumFigures(byColour[page.colour], figures);
    }
    return { month, byColour };
  });
}

/** What the ledger says of a task is enough to count it: its draw has the window. Of its stratum it says the colour alone. */
const counted = ({ stage, inspection }: RebuiltTask, { window }: Draw) => ({
  stage: stage === 'awaiting-visit' ? ('assigned' as const) : stage,
  window,
  ...(inspection !== undefined && { inspection }),
});

function* visitsOf({ parts }: Snapshot, at: Instant): Generator<CoverageState['visits'][number]> {
  const year = dayOf(at).slice(0, 4);
  const tasks = new Map<string, RebuiltTask[]>();
  for (const { state } of parts.tasks.values()) {
    const of = `${state.authority}#${state.number}#${state.colour}`;
    tasks.set(of, [...(tasks.get(of) ?? []), state]);
  }
  for (const { state: draw } of parts.draws.values()) {
    if (!draw.period.startsWith(year) || draw.stage === 'void') continue;
    for (const colour of COLOURS) {
      const strata = draw.strata.filter(({ name }) => partsOfStratum(name).colour === colour);
      if (strata.length === 0) continue;
      const total = (what: 'objects' | 'quota' | 'wanted') => strata.reduce((sum, stratum) => sum + stratum[what], 0);
      const whole = { name: colour, objects: total('objects'), quota: total('quota'), wanted: total('wanted') };
      const own = (tasks.get(`${draw.authority}#${draw.number}#${colour}`) ?? []).map((task) => counted(task, draw));
      yield { kind: draw.kind, colour, coverage: coverageOfStratum(draw, whole, own, at) };
    }
  }
}

/** Coverage of the year of `at`, as seen then. */
export function coverageOf(snapshot: Snapshot, at: Instant, rules: RebuildRules): CoverageState {
  const visits = new Map<string, CoverageState['visits'][number]>();
  for (const one of visitsOf(snapshot, at)) {
    const of = `${one.kind}#${one.colour}`;
    visits.set(of, { ...one, coverage: sumCoverage(visits.get(of)?.coverage ?? NOTHING, one.coverage) });
  }
  const hazards: Partial<Record<Stage, number>> = {};
  for (const { state } of snapshot.parts.hazards.values()) hazards[state.stage] = (hazards[state.stage] ?? 0) + 1;
  return {
    county: snapshot.county,
    at,
    year: dayOf(at).slice(0, 4),
    checks: checksOfYear(snapshot, at, rules),
    visits: [...visits].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    hazards,
  };
}
