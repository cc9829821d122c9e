/** What changes in the register through the month: lists are signed, points added, regraded and retired, stops approved and lifted. */

import type * as z from 'zod';
import {
  addRisk,
  adjustOverallGrade,
  approveSuspension,
  changeArea,
  liftSuspension,
  readArea,
  readAreaList,
  readEnterprise,
  readRisk,
  readRiskList,
  regradeRisk,
  retireRisk,
  signAreaList,
  signRiskList,
} from '../../../functions/serve-register/api.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { Colour } from '../../../shared/domain/colour.ts';
import { type RiskNo, riskNo } from '../../../shared/domain/ids.ts';
import { departmentOwner, type Owner, townshipOwner } from '../../../shared/domain/owner.ts';
import { type Act, on, type Scene } from './act.ts';
import { Refused } from './api-client.ts';
import type { SampleArea, SampleCounty, SampleEnterprise, SamplePerson, SampleRisk } from './county.ts';
import type { Random } from './random.ts';
import { type Staff, somebody, staffOf } from './staff.ts';

/** The emergency management bureau: where no other department is nearer. */
const BLOCK_DEPARTMENT = 'YJJ';

/** The stories of the register, beside the signing of every list. */
export const REGISTER_STORIES = [
  'regrade-up',
  'regrade-down',
  'new-point',
  'retired-point',
  'suspension',
  'suspension-lifted',
  'overall-grade-raised',
] as const;
type Story = (typeof REGISTER_STORIES)[number];

async function signList({ api }: Scene, { head }: Staff, { uscc }: SampleEnterprise, at: Instant, key: string): Promise<void> {
  const params = { uscc };
  const { version, list, digest } = await api(readRiskList, { as: head, at, params });
  await api(signRiskList, { as: head, at, key, params, body: { version, list, digest } });
}

const ownerOf = ({ owner, township }: SampleArea): Owner =>
  owner === undefined ? townshipOwner(township) : departmentOwner(owner);

/** A township's graver areas have nobody in charge of the block yet: it names a department before its head can sign (三(二)). */
const planBlockDuty = (sample: SampleCounty): Act[] =>
  sample.areas
    .filter(({ owner, residualGrade }) => owner === undefined && (residualGrade === 'RED' || residualGrade === 'ORANGE'))
    .map(({ township, no }, index): Act => {
      const owner = townshipOwner(township);
      const as = somebody(sample, 'township-officer', owner);
      const at = on(1, `7:${10 + index}`);
      return {
        ...{ at, track: owner, story: 'block-duty', does: 'ChangeArea' },
        async run({ api }) {
          const params = { township, no };
          const { version, content } = await api(readArea, { as, at, params });
          const accidents = content.accidents.map(({ edition, code }) => ({ edition, code }));
          const body = { version, content: { ...content, accidents }, department: departmentOwner(BLOCK_DEPARTMENT) };
          await api(changeArea, { as, at, key: `sample-block-${township}-${no}`, params, body });
        },
      };
    });

/** Every head signs on the first morning; the sloppy take days longer, and one of the absent never does. */
function planSigning(sample: SampleCounty, random: Random): Act[] {
  const unsigned = sample.enterprises.find(({ behaviour }) => behaviour === 'absent');
  const enterprises = sample.enterprises.flatMap((enterprise): Act[] => {
    if (enterprise === unsigned) return [];
    const day = enterprise.behaviour === 'sloppy' && random.percent(50) ? 2 + random.below(3) : 1;
    const at = on(day, `7:${10 + random.below(40)}`);
    const staff = staffOf(sample, enterprise);
    const key = `sample-sign-${enterprise.uscc}`;
    return [
      {
        ...{ at, track: enterprise.uscc, story: 'signing', does: 'SignRiskList' },
        run: (scene) => signList(scene, staff, enterprise, at, key),
      },
    ];
  });
  const governments = [...new Set(sample.areas.map(ownerOf))].map((owner, index): Act => {
    const head = somebody(sample, owner.startsWith('TOWN:') ? 'township-head' : 'department-head', owner);
    const at = on(1, `8:${10 + index}`);
    return {
      ...{ at, track: owner, story: 'signing', does: 'SignAreaList' },
      async run({ api }) {
        const params = { owner };
        const { version, list, digest } = await api(readAreaList, { as: head, at, params });
        await api(signAreaList, { as: head, at, key: `sample-sign-${owner}`, params, body: { version, list, digest } });
      },
    };
  });
  return [...enterprises, ...planBlockDuty(sample), ...governments];
}

const judged = (colour: Colour, reason: string) => ({
  method: 'EXPERTS' as const,
  colour,
  experts: ['样例专家1', '样例专家2'],
  reason,
});

/** A point as the API takes it, from one as the list has it. */
function contentOf(risk: SampleRisk): z.input<NonNullable<typeof addRisk.body>>['content'] {
  const controls = (['isolation', 'technical', 'protection', 'monitoring'] as const).flatMap((kind) =>
    risk[kind].map(({ text }) => ({ kind, text })),
  );
  const { name, place, dimensions, participants, mainRisk, accidents, possibleHazards, consequences } = risk;
  return {
    ...{ name, location: place, mainRisk, possibleHazards, consequences, controls, workshop: risk.workshop, team: risk.team },
    ...{ post: risk.post, emergency: risk.emergency, reporting: risk.reporting, responsible: risk.responsible },
    identifiedOn: '2026-06-12',
    dimensions: dimensions as z.input<NonNullable<typeof addRisk.body>>['content']['dimensions'],
    participants: participants.map(({ as, names }) => ({ as, names: [...names] })) as z.input<
      NonNullable<typeof addRisk.body>
    >['content']['participants'],
    accidents: accidents.map((code) => ({ edition: 'GB 6441-1986', code })),
  };
}

interface Cast {
  readonly enterprise: SampleEnterprise;
  readonly staff: Staff;
  readonly risk: SampleRisk;
}

type Does = readonly [at: Instant, does: string, run: (scene: Scene, at: Instant, key: string) => Promise<void>];

const regrade =
  (
    { enterprise: { uscc }, risk: { no } }: Cast,
    as: SamplePerson,
    inherent: Colour,
    residual: Colour,
    because: string,
  ): Does[2] =>
  async ({ api }, at, key) => {
    const params = { uscc, no };
    const { version } = await api(readRisk, { as, at, params });
    const assessments = { inherent: judged(inherent, because), residual: judged(residual, because) };
    await api(regradeRisk, { as, at, key, params, body: { version, assessments, because } });
  };

const sign =
  ({ enterprise, staff }: Cast): Does[2] =>
  (scene, at, key) =>
    signList(scene, staff, enterprise, at, key);

/** A stop of one workshop, or of everything, and who lifts it when. */
function stop(
  { enterprise: { uscc }, staff }: Cast,
  kind: 'maintenance' | 'production-stop',
  workshop: string | undefined,
  lifted?: Instant,
): Does[] {
  let stopped: { readonly id: string; readonly version: number } | undefined;
  const scope = workshop === undefined ? { of: 'enterprise' as const } : { of: 'workshop' as const, workshop };
  const approve: Does = [
    on(8, '16:00'),
    'ApproveSuspension',
    async ({ api }, at, key) => {
      const [reason, approver] = ['设备年度检修（样例）', staff.head.name];
      const body = { kind, scope, from: on(9, '00:00'), until: on(24, '00:00'), reason, approver };
      stopped = await api(approveSuspension, { as: staff.head, at, key, params: { uscc }, body });
    },
  ];
  if (lifted === undefined) return [approve];
  return [
    approve,
    [
      lifted,
      'LiftSuspension',
      async ({ api }, at, key) => {
        if (stopped === undefined) throw new Error('a stop that was not approved cannot be lifted');
        const { id, version } = stopped;
        const params = { uscc, id };
        await api(liftSuspension, { as: staff.manager, at, key, params, body: { version, because: '检修提前完成' } });
      },
    ],
  ];
}

const NEW_POINT: RiskNo = riskNo('R-900');

const STEPS: Readonly<Record<Story, (cast: Cast) => readonly Does[]>> = {
  'regrade-up': (cast) => [
    [on(11, '14:00'), 'RegradeRisk', regrade(cast, cast.staff.manager, 'RED', 'RED', '工艺改变，风险升高')],
    [on(12, '8:30'), 'SignRiskList', sign(cast)],
  ],
  'regrade-down': (cast) => [
    [on(10, '14:00'), 'RegradeRisk', regrade(cast, cast.staff.head, 'ORANGE', 'BLUE', '加装联锁后风险降低')],
    [on(10, '15:00'), 'SignRiskList', sign(cast)],
  ],
  'new-point': (cast) => [
    [
      on(12, '10:00'),
      'AddRisk',
      async ({ api }, at, key) => {
        const { uscc } = cast.enterprise;
        const content = { ...contentOf(cast.risk), name: `新增${cast.risk.name}` };
        const assessments = { inherent: judged('ORANGE', '新增设备'), residual: judged('YELLOW', '措施齐全') };
        await api(addRisk, { as: cast.staff.manager, at, key, params: { uscc }, body: { no: NEW_POINT, content, assessments } });
      },
    ],
    [on(13, '9:00'), 'SignRiskList', sign(cast)],
  ],
  'retired-point': (cast) => [
    [
      on(19, '10:00'),
      'RetireRisk',
      async ({ api }, at, key) => {
        const params = { uscc: cast.enterprise.uscc, no: cast.risk.no };
        const { version } = await api(readRisk, { as: cast.staff.head, at, params });
        await api(retireRisk, { as: cast.staff.head, at, key, params, body: { version, because: '设备已拆除' } });
      },
    ],
    [on(19, '11:00'), 'SignRiskList', sign(cast)],
  ],
  suspension: (cast) => stop(cast, 'production-stop', undefined),
  'suspension-lifted': (cast) => stop(cast, 'maintenance', cast.risk.workshop, on(17, '9:00')),
  'overall-grade-raised': ({ enterprise: { uscc }, staff: { officer } }) => [
    [
      on(23, '10:00'),
      'AdjustOverallGrade',
      async ({ api }, at, key) => {
        const params = { uscc };
        const { version } = await api(readEnterprise, { as: officer, at, params });
        const body = { version, colour: 'RED' as const, reason: '隐患治理不力，上调整体等级' };
        await api(adjustOverallGrade, { as: officer, at, key, params, body });
      },
    ],
  ],
};

/** Which enterprise and which of its points a story is about. */
const WANTS: Readonly<Record<Story, { behaviour: SampleEnterprise['behaviour']; colour?: Colour }>> = {
  'regrade-up': { behaviour: 'diligent', colour: 'YELLOW' },
  'regrade-down': { behaviour: 'diligent', colour: 'ORANGE' },
  'new-point': { behaviour: 'diligent' },
  'retired-point': { behaviour: 'diligent', colour: 'BLUE' },
  suspension: { behaviour: 'sloppy' },
  'suspension-lifted': { behaviour: 'diligent', colour: 'YELLOW' },
  'overall-grade-raised': { behaviour: 'sloppy' },
};

export function planRegister(sample: SampleCounty, random: Random): Act[] {
  const pool = random.shuffled(sample.enterprises);
  const taken = new Set<SampleEnterprise>();
  const hasRed = (uscc: string) => sample.risks.some((risk) => risk.uscc === uscc && risk.residualGrade === 'RED');
  const castFor = (story: Story): Cast => {
    const { behaviour, colour } = WANTS[story];
    for (const enterprise of pool) {
      // Who has a red point already goes round every day, and so does for the one that becomes red.
      const isFit =
        enterprise.behaviour === behaviour && !taken.has(enterprise) && (story !== 'regrade-up' || hasRed(enterprise.uscc));
      const risks = sample.risks.filter(
        ({ uscc, residualGrade }) => uscc === enterprise.uscc && (colour ?? residualGrade) === residualGrade,
      );
      if (!isFit || risks.length === 0) continue;
      taken.add(enterprise);
      return { enterprise, staff: staffOf(sample, enterprise), risk: random.pick(risks) };
    }
    throw new Error(`the sample has no enterprise for ${story}`);
  };
  const told = REGISTER_STORIES.flatMap((story) => {
    const cast = castFor(story);
    let isBroken = false;
    return STEPS[story](cast).map(
      ([at, does, run], index): Act => ({
        ...{ at, track: cast.enterprise.uscc, story, does },
        async run(scene) {
          if (isBroken) return;
          try {
            await run(scene, at, `sample-${story}.${index}`);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            isBroken = true;
            scene.fault(`${story} (${cast.enterprise.name}), ${does}: ${error.message}`);
          }
        },
      }),
    );
  });
  return [...planSigning(sample, random), ...told];
}
