/** What has to be there before anything can be drawn: the directory of inspectors, who of them keeps away from what, items and plans. */
import {
  declareAbsences,
  declareInterest,
  keepItems,
  planInspection,
  readItems,
  registerInspector,
} from '../../../functions/serve-inspectors/api.ts';
import type { Day } from '../../../shared/domain/calendar.ts';
import { type Department, drawPeriod, GOVERNMENT } from '../../../shared/domain/ids.ts';
import { AREA_INDUSTRY } from '../../../shared/domain/object.ts';
import { departmentOwner } from '../../../shared/domain/owner.ts';
import { type Act, MONTH, on } from './act.ts';
import type { SampleCounty, SamplePerson } from './county.ts';
import { sampleItems } from './inspection-items.ts';
import { EXPERT_DEPARTMENT, type SampleInspector } from './inspectorate.ts';
import { somebody } from './staff.ts';

const QUARTER = '2026-Q2';

/** Whoever draws in the county: its departments and its government. */
export const authoritiesOf = (sample: SampleCounty): Department[] => [
  ...new Set(sample.inspectors.map(({ authority }) => authority)),
];

/** Who sends the inspectors of an authority out, and keeps its lists. */
export const dispatcherOf = (sample: SampleCounty, authority: Department): SamplePerson =>
  authority === GOVERNMENT
    ? somebody(sample, 'committee-officer')
    : somebody(sample, 'department-head', departmentOwner(authority));

/** The industries that an authority sees to, and public areas. */
const industriesOf = ({ enterprises }: SampleCounty, authority: Department): string[] => [
  ...new Set(
    enterprises.filter(({ supervisor }) => authority === GOVERNMENT || supervisor === authority).map(({ industry }) => industry),
  ),
  AREA_INDUSTRY,
];

const track = (authority: Department): string => `draws of ${authority}`;

/** All of an authority's inspectors, one after the other; who is away or has an interest says so himself. */
function registerAll(sample: SampleCounty, authority: Department, index: number): Act[] {
  const as = dispatcherOf(sample, authority);
  return sample.inspectors
    .filter((inspector) => inspector.authority === authority)
    .map((inspector, place): Act => {
      const at = on(1, `8:${10 + ((index + place) % 45)}`);
      return {
        ...{ at, track: track(authority), story: 'directories', does: 'RegisterInspector' },
        async run({ api }) {
          const { person, role, skills, certificate, employer } = inspector;
          const { id } = person;
          const until = certificate.until as Day;
          const body = {
            id,
            authority,
            role,
            skills: [...skills],
            certificate: { ...certificate, until },
            ...(employer && { employer }),
          };
          const { version } = await api(registerInspector, { as, at, key: `sample-inspector-${id}`, body });
          const declares = { as: person, at: on(1, '9:00'), params: { id } };
          const { absence, interest }: SampleInspector = inspector;
          if (absence !== undefined) {
            const { from, to, reason } = absence;
            const absences = [{ from: from as Day, to: to as Day, reason }];
            await api(declareAbsences, { ...declares, key: `sample-absence-${id}`, body: { version, absences } });
          }
          if (interest !== undefined)
            await api(declareInterest, { ...declares, key: `sample-interest-${id}`, body: { version, ...interest } });
        },
      };
    });
}

/** The inspection beside the random ones: with experts, of one industry, or of some by the government. */
function planOf(sample: SampleCounty, authority: Department) {
  if (authority === GOVERNMENT) {
    const industries = ['construction', 'fire-safety', AREA_INDUSTRY];
    return { kind: 'COMPREHENSIVE' as const, theme: '重点行业和公共区域综合督查（样例）', industries };
  }
  const industries = industriesOf(sample, authority).slice(0, 1);
  if (authority === EXPERT_DEPARTMENT)
    return { kind: 'EXPERT' as const, theme: '危险化学品储存专家检查（样例）', industries: ['hazardous-chemicals'] };
  return { kind: 'SPECIAL' as const, theme: '安全生产月专项检查（样例）', industries };
}

/** What comes after the month is planned before its draws are announced. */
function nextPlan(sample: SampleCounty, authority: Department, index: number): Act {
  const as = dispatcherOf(sample, authority);
  const at = on(25, `9:${10 + index}`);
  const [kind, period] = authority === GOVERNMENT ? (['COMPREHENSIVE', '2026-Q3'] as const) : (['SPECIAL', '2026-07'] as const);
  return {
    ...{ at, track: track(authority), story: 'directories', does: 'PlanInspection' },
    async run({ api }) {
      const industries = industriesOf(sample, authority).slice(0, 1);
      const body = { version: 0, kind, theme: '汛期安全检查（样例）', industries };
      const params = { authority, period: drawPeriod(period) };
      await api(planInspection, { as, at, key: `sample-plan-${authority}-${period}`, params, body });
    },
  };
}

function keepLists(sample: SampleCounty, authority: Department, index: number): Act[] {
  const as = dispatcherOf(sample, authority);
  const at = on(1, `9:${10 + index}`);
  const keep: Act = {
    ...{ at, track: track(authority), story: 'directories', does: 'KeepItems' },
    async run({ api }) {
      const params = { authority };
      const { version } = await api(readItems, { as, at, params });
      const items = sampleItems(industriesOf(sample, authority)).map(({ appliesTo, kinds, ...item }) => ({
        ...{ ...item, appliesTo: [...appliesTo], kinds: [...kinds] },
      }));
      await api(keepItems, { as, at, key: `sample-items-${authority}`, params, body: { version, items } });
    },
  };
  const plan: Act = {
    ...{ at: on(1, `9:${30 + index}`), track: track(authority), story: 'directories', does: 'PlanInspection' },
    async run({ api }) {
      const params = { authority, period: drawPeriod(authority === GOVERNMENT ? QUARTER : MONTH) };
      const body = { version: 0, ...planOf(sample, authority) };
      await api(planInspection, { as, at: on(1, `9:${30 + index}`), key: `sample-plan-${authority}`, params, body });
    },
  };
  return [keep, plan, nextPlan(sample, authority, index)];
}

/** All of it on the first morning, before the county's daily call asks what has to be drawn. */
export const planDirectories = (sample: SampleCounty): Act[] =>
  authoritiesOf(sample).flatMap((authority, index) => [
    ...registerAll(sample, authority, index),
    ...keepLists(sample, authority, index),
  ]);
