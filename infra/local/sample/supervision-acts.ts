/** Key units are designated in the first days, and townships and departments name who answers in the grid; one forgets, and is told. */
import {
  designateKeyUnit,
  readDepartmentGrid,
  readKeyLevel,
  readTownshipGrid,
  setGridCell,
  setGridLine,
} from '../../../functions/serve-supervision/api.ts';
import type { Day, Instant } from '../../../shared/domain/calendar.ts';
import { department, type TownshipCode } from '../../../shared/domain/ids.ts';
import type { KeyUnit } from '../../../shared/domain/key-unit.ts';
import { type departmentOwner, townshipOwner } from '../../../shared/domain/owner.ts';
import { type Act, on } from './act.ts';
import type { SampleCounty, SamplePerson } from './county.ts';
import { somebody } from './staff.ts';

const HALF_YEAR = { from: '2026-06-01' as Day, until: '2026-12-31' as Day };

type Level = 'county' | 'prefecture';

/** One after the other: the version of a level guards its quota. */
function designate(level: Level, as: SamplePerson, units: readonly KeyUnit[], at: Instant): Act {
  const document = level === 'county' ? '瑞安委〔2026〕8号' : '德安委〔2026〕3号';
  return {
    ...{ at, track: `key units of ${level}`, story: 'key-units', does: 'DesignateKeyUnit' },
    async run({ api }) {
      let { version } = await api(readKeyLevel, { as, at, params: { level } });
      for (const [index, unit] of units.entries()) {
        const reason = unit.kind === 'enterprise' ? '有重大风险，列为重点（样例）' : '企业集中、风险突出，列为重点（样例）';
        const body = { level, unit, ...HALF_YEAR, reason, document, version };
        ({ version } = await api(designateKeyUnit, { as, at, key: `sample-key-${level}-${index}`, body }));
      }
    },
  };
}

function planKeyUnits(sample: SampleCounty): Act[] {
  const { county, enterprises, risks } = sample;
  const townships = [...new Set(enterprises.map(({ township }) => township))].slice(0, 2);
  const red = enterprises.filter(({ uscc }) => risks.some((risk) => risk.uscc === uscc && risk.residualGrade === 'RED'));
  const ofCounty: KeyUnit[] = [
    ...townships.map((township) => ({ kind: 'township' as const, township })),
    ...red.slice(0, 5).map(({ uscc }) => ({ kind: 'enterprise' as const, uscc })),
  ];
  return [
    designate('prefecture', somebody(sample, 'prefecture-officer'), [{ kind: 'county', county }], on(1, '8:30')),
    designate('county', somebody(sample, 'committee-officer'), ofCounty, on(1, '9:00')),
  ];
}

function nameCell(sample: SampleCounty, township: TownshipCode, at: Instant): Act {
  const owner = townshipOwner(township);
  const as = somebody(sample, 'township-head', owner);
  const responsible = { person: somebody(sample, 'township-officer', owner).id, post: '安监站站长' };
  return {
    ...{ at, track: owner, story: 'grid', does: 'SetGridCell' },
    async run({ api }) {
      const params = { township };
      const { version } = await api(readTownshipGrid, { as, at, params });
      await api(setGridCell, { as, at, key: `sample-cell-${township}`, params, body: { version, responsible } });
    },
  };
}

function nameLine(sample: SampleCounty, owner: ReturnType<typeof departmentOwner>, at: Instant): Act {
  const as = somebody(sample, 'department-head', owner);
  const responsible = { person: somebody(sample, 'department-officer', owner).id, post: '安全监管股股长' };
  return {
    ...{ at, track: owner, story: 'grid', does: 'SetGridLine' },
    async run({ api }) {
      const params = { dept: department(owner.slice('DEPT:'.length)) };
      const { version } = await api(readDepartmentGrid, { as, at, params });
      await api(setGridLine, { as, at, key: `sample-line-${owner}`, params, body: { version, responsible } });
    },
  };
}

/** The township that names nobody until it is told of its gap. */
const MENDED = on(9, '10:00');

function planGrid(sample: SampleCounty): Act[] {
  const { people, enterprises, risks } = sample;
  const ownersOf = (role: 'township-head' | 'department-head') =>
    people.flatMap((person) => (person.role === role && person.owner !== undefined ? [person.owner] : []));
  const townships = ownersOf('township-head').map((owner) => owner.slice('TOWN:'.length) as TownshipCode);
  const forgetful = enterprises.findLast(({ uscc }) =>
    risks.some((risk) => risk.uscc === uscc && risk.residualGrade === 'RED'),
  )?.township;
  return [
    ...townships.map((township, index) => nameCell(sample, township, township === forgetful ? MENDED : on(1, `7:${10 + index}`))),
    ...ownersOf('department-head').map((owner, index) =>
      nameLine(sample, owner as ReturnType<typeof departmentOwner>, on(1, `7:${20 + index}`)),
    ),
  ];
}

export const planSupervision = (sample: SampleCounty): Act[] => [...planKeyUnits(sample), ...planGrid(sample)];
