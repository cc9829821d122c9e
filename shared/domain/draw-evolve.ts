/** What happened to a draw, applied; and where it stands by it. Judges nothing. */
import type { Instant } from './calendar.ts';
import type { Draw, DrawFact, Iteration } from './draw.ts';
import type { Actor } from './ledger-event.ts';

/** A fact with who did it and when. */
export type DrawEvent = DrawFact & { readonly at: Instant; readonly actor: Actor };

const withIteration = (draw: Draw, no: number, change: (one: Iteration) => Iteration): Draw => ({
  ...draw,
  iterations: draw.iterations.map((one) => (one.no === no ? change(one) : one)),
});

const warnedOf = (draw: Draw, of: NonNullable<Draw['warned']>[number]): Draw => ({
  ...draw,
  warned: [...(draw.warned ?? []), of],
});

/** The draw that was announced. */
export const announcedDraw = (data: Extract<DrawFact, { type: 'DrawAnnounced' }>['data']): Draw => ({
  ...data,
  entries: [],
  iterations: [{ no: 1 }],
  stage: 'announced',
});

export function evolveDraw(draw: Draw, fact: DrawEvent): Draw {
  const { at, actor } = fact;
  switch (fact.type) {
    case 'DrawAnnounced':
      return announcedDraw(fact.data);
    case 'RandomnessEntered':
      return { ...draw, entries: [...draw.entries, { ...fact.data, by: actor, at }] };
    case 'RandomnessSettled':
      return { ...draw, randomness: fact.data.sha256 };
    case 'RandomnessMissing':
      return warnedOf(draw, 'randomness-missing');
    case 'ObjectsReplaced': {
      const { iteration: no, sha256, objects } = fact.data;
      return { ...draw, iterations: [...draw.iterations, { no, substitution: { sha256, objects, by: actor.id, at } }] };
    }
    case 'DrawDrawn': {
      const { iteration, ...result } = fact.data;
      const stage = draw.void === undefined ? 'drawn' : 'void';
      return withIteration({ ...draw, stage }, iteration, (one) => ({ ...one, result: { ...result, at } }));
    }
    case 'DrawAssigned':
      return withIteration({ ...draw, stage: 'assigned' }, fact.data.iteration, (one) => ({ ...one, assignedAt: at }));
    case 'DrawInspected':
      return { ...draw, stage: 'inspected' };
    case 'DrawNotRevealed':
      return warnedOf(draw, 'not-revealed');
    case 'DrawVoided':
      return { ...draw, stage: 'void', void: { ...fact.data, by: actor, at, from: draw.stage } };
    case 'FilesLost':
      return { ...draw, lost: fact.data.files };
    case 'DrawRevealed':
      return { ...draw, stage: draw.void === undefined ? 'revealed' : 'void', revealedAt: at };
  }
}

/** What a draw is owed next: what its driver does, or waits for. `revealed` and `void` are its ends. */
export const DRAW_STEPS = ['await-drawing', 'draw', 'assign', 'await-visits', 'reveal', 'revealed', 'void'] as const;
export type DrawStep = (typeof DRAW_STEPS)[number];

/** The run of the draw that is not over: drawn and assigned. */
export const iterationUnderWay = ({ iterations }: Draw): Iteration | undefined =>
  iterations.find(({ assignedAt }) => assignedAt === undefined);

/** Void before its instant had come: nothing was hidden yet that could be shown. */
export const isVoidBefore = ({ void: end, drawAt }: Pick<Draw, 'void' | 'drawAt'>): boolean =>
  end?.from === 'announced' && end.at <= drawAt;

/** Void when its instant and the randomness were there and its lots were not drawn: they are drawn to be shown, and nobody is sent. */
const isVoidBetween = (draw: Draw): boolean =>
  draw.void?.from === 'announced' &&
  !isVoidBefore(draw) &&
  draw.randomness !== undefined &&
  draw.lost === undefined &&
  draw.iterations.every(({ result }) => result === undefined);

/** Where its driver has to be. Nothing is drawn before the announced instant, and nothing without the randomness. */
export function stepOf(draw: Draw, at: Instant): DrawStep {
  const underWay = iterationUnderWay(draw);
  switch (draw.stage) {
    case 'announced':
      return draw.randomness !== undefined && draw.drawAt <= at ? 'draw' : 'await-drawing';
    case 'drawn':
      return 'assign';
    case 'assigned':
      if (underWay === undefined) return 'await-visits';
      return underWay.result === undefined ? 'draw' : 'assign';
    case 'inspected':
      return 'reveal';
    case 'revealed':
      return 'revealed';
    case 'void':
      if (draw.revealedAt !== undefined) return 'void';
      return isVoidBetween(draw) ? 'draw' : 'reveal';
  }
}

/** When something has to be done about it at the latest; `undefined` once all is done. */
export function attentionOf(draw: Draw): Instant | undefined {
  if (draw.revealedAt !== undefined) return undefined;
  if (draw.void !== undefined) return draw.void.at;
  return draw.stage === 'assigned' && iterationUnderWay(draw) === undefined ? draw.revealBy : draw.drawAt;
}

/** Past an announced limit: not drawn when it was to be drawn, or not revealed when it was to be revealed. */
export const isDrawOverdue = (draw: Draw, at: Instant): boolean =>
  draw.revealedAt === undefined && (at >= draw.revealBy || (draw.stage === 'announced' && at >= draw.drawAt));
