/** One step of a large draw in a process of its own, as a function would do it: reads files, writes files, prints what it took. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_PREVIOUS } from '../../shared/draw/announcement.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { codeOf, commitmentOf } from '../../shared/draw/codes.ts';
import { freeze } from '../../shared/draw/freeze.ts';
import { drawResult } from '../../shared/draw/replay.ts';
import type { InspectorLine, ObjectLine } from '../../shared/draw/rosters.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';

const [step = '', folder = '', objects = '', quota = ''] = process.argv.slice(2);
const SECRET = new Uint8Array(32).fill(7);
const INSPECTORS = 200;

const padded = (at: number): string => String(at).padStart(8, '0');

function* pool(): Generator<ObjectLine> {
  for (let at = 0; at < Number(objects); at++)
    yield { stratum: 'RED', object: `ENT:91533102MA${padded(at)}`, weight: 1, skill: null };
}

const inspectors: readonly InspectorLine[] = Array.from({ length: INSPECTORS }, (_, at) => ({
  inspector: `I${padded(at)}`,
  role: 'enforcer',
  capacity: 10_000,
  skills: '*',
  absent: [],
}));

function frozen(): void {
  const answer = freeze({
    announcedAt: '2026-03-01T00:00:00Z',
    asOf: 0,
    authority: '533102.YJJ',
    commitment: commitmentOf(SECRET, 8),
    days: Array.from({ length: 20 }, (_, at) => `2026-03-${String(at + 5).padStart(2, '0')}`),
    drawAt: '2026-03-03T00:00:00Z',
    kind: 'RANDOM.RED',
    number: 1,
    perDay: 100,
    period: '2026-03',
    policy: 'a'.repeat(64),
    previous: NO_PREVIOUS,
    revealBy: '2026-04-10T00:00:00Z',
    rosters: { objects: pool(), inspectors, recusals: [], items: [] },
    software: 'b'.repeat(64),
    sources: [
      {
        type: 'numbers',
        name: 'ssq',
        issue: '2026023',
        at: '2026-03-02T13:15:00Z',
        ordered: false,
        shape: [
          [6, 1, 33],
          [1, 1, 16],
        ],
      },
    ],
    strata: [{ items: 0, name: 'RED', quota: Number(quota), team: [{ count: 2, role: 'enforcer' }] }],
  });
  if (answer.kind === 'refused') throw answer.fault;
  writeFileSync(join(folder, 'announcement.json'), answer.bytes);
  writeFileSync(join(folder, 'randomness.json'), canonical({ sources: [{ numbers: [[3, 9, 14, 20, 26, 31], [8]] }] }));
  for (const [roster, bytes] of Object.entries(answer.files)) writeFileSync(join(folder, `${roster}.tsv`), bytes);
}

const bundle = () => new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));

const STEPS: Readonly<Record<string, () => void>> = {
  freeze: frozen,
  draw: () => writeFileSync(join(folder, 'result-1.json'), drawResult(bundle(), 1, codeOf(SECRET, 8, 1)).bytes),
  verify: () => {
    const verdict = verifyDraw(bundle());
    if (!verdict.ok) throw verdict.fault;
  },
};

const began = performance.now();
const before = process.cpuUsage();
STEPS[step]?.();
const { user, system } = process.cpuUsage(before);
const figures = {
  cpu: (user + system) / 1e6,
  wall: (performance.now() - began) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(figures));
