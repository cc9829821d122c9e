/** Hazards of public areas: the owner's people cure, another sees to it, and nobody supervises himself. */
import { createHash } from 'node:crypto';
import { evidenceKeyIn, isEvidenceOf, objectOfEvidence } from '../../shared/domain/evidence.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { PERSON_COMMANDS, type PersonCommandType } from '../../shared/domain/hazard-offers.ts';
import { evidenceKey, riskNo, townshipCode } from '../../shared/domain/ids.ts';
import { areaObject, enterpriseObject } from '../../shared/domain/object.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import { AREAS, type Given, hazardsApi, major, plan, type Who } from '../support/hazard-api.ts';
import {
  anArea,
  answered,
  at,
  day,
  department,
  plan as filledPlan,
  from,
  openedIn,
  type Person,
  people,
  photo,
  rules,
  type Step,
  township,
  uscc,
} from '../support/hazard-case.ts';

const areaPhoto = (no: string, name: string) =>
  evidenceKey(`evidence/AREA-${township}-${no}/${createHash('sha256').update(name).digest('hex')}.jpg`);

/** The township's own, in the block of a department; the department's own; the township's own without one. */
const CASES = {
  supervised: { ...anArea, supervisor: department },
  departments: { owner: department, township, supervisor: department },
  unsupervised: anArea,
};
type Case = keyof typeof CASES;
const criterion = { criterion: 'hard-to-cure', basis: '须封闭市场' };
const gradedMajor = (by: Person): Step => [by, at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }];
const filed = (by: Person): Step => [by, at('03-03T10:00'), { type: 'FilePlan', plan: filledPlan }];
const curing = (owner: Person, over: Person): readonly Step[] => [
  gradedMajor(owner),
  [owner, at('03-02T10:10'), { type: 'ReportToDepartment' }],
  filed(owner),
  [over, at('03-04T10:00'), { type: 'ApprovePlan' }],
  [over, at('03-04T11:00'), { type: 'IssueOrder', kind: 'stop-use', scope: '市场' }],
  [over, at('03-04T11:01'), { type: 'IssueOrder', kind: 'withdraw', scope: '市场' }],
  [owner, at('03-10T10:00'), { type: 'SubmitRectification', account: '已加固', evidence: [areaPhoto('A1', 'cured')] }],
];

describe.each([
  ['supervised', 'dao', 'mayor', 'duan', ['committee']],
  ['departments', 'duan', 'yang', 'committee', ['dao']],
  ['unsupervised', 'dao', 'mayor', 'governor', []],
] as const)('a major hazard of an area that is %s', (kind: Case, owner, colleague, over, others: readonly Person[]) => {
  const cured = (): Hazard => from(openedIn(CASES[kind]), ...curing(owner, over));
  /** Each is asked with the case as it stands when it would be his who supervises. */
  const decisions = (): readonly (readonly [Hazard, Step[2]])[] => {
    const accepted = from(cured(), [over, at('03-11T10:00'), { type: 'AcceptRectification' }]);
    const assessment = areaPhoto('A1', 'assessed');
    return [
      [from(openedIn(CASES[kind]), ...curing(owner, over).slice(0, 3)), { type: 'ApprovePlan' }],
      [from(openedIn(CASES[kind]), ...curing(owner, over).slice(0, 3)), { type: 'ReturnPlan', reason: '' }],
      [cured(), { type: 'AcceptRectification' }],
      [cured(), { type: 'ReturnRectification', reason: '' }],
      [cured(), { type: 'LiftOrder', no: 2, reason: '' }],
      [
        from(accepted, [owner, at('03-12T10:00'), { type: 'ApplyToResume', assessor: '省院', assessment }]),
        { type: 'ConsentToResume' },
      ],
      [from(cured(), [owner, at('03-10T11:00'), { type: 'RequestWithdrawal', reason: '' }]), { type: 'ConfirmWithdrawal' }],
    ];
  };

  test('is judged by who sees to the cure, and not by another of its owner’s or by who has no say', () => {
    for (const [hazard, command] of decisions()) {
      expect([command.type, typeof answered(hazard, [over, at('03-13T10:00'), command])]).toEqual([command.type, 'object']);
      for (const who of [colleague, ...others]) {
        const refused = answered(hazard, [who, at('03-13T10:00'), command]);
        expect([command.type, who, refused]).toEqual([command.type, who, expect.stringMatching(/^department-/)]);
      }
    }
  });

  test('is reported to who sees to the cure, who knows what he found major himself', () => {
    expect(from(openedIn(CASES[kind]), gradedMajor(owner)).obligations.map(({ kind: of }) => of)).toContain('report');
    const known = from(openedIn(CASES[kind]), gradedMajor(over));
    expect(known.obligations.map(({ kind: of }) => of)).not.toContain('report');
  });
});

test('what an inspection found in an area its owner’s people do not withdraw among themselves', () => {
  for (const kind of Object.keys(CASES) as Case[]) {
    const [asker, colleague, reviewer] = (
      kind === 'departments' ? ['duan', 'yang', 'dao'] : ['dao', 'mayor', kind === 'supervised' ? 'duan' : 'committee']
    ) as [Person, Person, Person];
    const asked = from(openedIn(CASES[kind], { source: 'inspection' }), [
      asker,
      at('03-02T10:00'),
      { type: 'RequestWithdrawal', reason: '' },
    ]);
    expect(answered(asked, [colleague, at('03-02T11:00'), { type: 'ConfirmWithdrawal' }])).toBe('authority-reviews');
    expect(answered(asked, [reviewer, at('03-02T11:00'), { type: 'ConfirmWithdrawal' }])).toEqual(['HazardWithdrawn']);
  }
});

test('nobody lists his own area for supervision', () => {
  const graded = from(openedIn(CASES.departments), gradedMajor('duan'));
  const list = { type: 'ListForSupervision', document: '1', term: day('2026-04-10') } as const;
  expect(answered(graded, ['yang', at('03-03T10:00'), list])).toBe('another-authority-decides');
  expect(answered(graded, ['committee', at('03-03T10:00'), list])).toContain('HazardListed');
});

test('the ladder tells the people of an area in the place of an enterprise’s staff, and the committee where no department is over it', () => {
  const toldIn = (kind: Case): readonly string[] => {
    const late = from(openedIn(CASES[kind]), ['system', at('03-20T10:00'), { type: 'MarkOverdue' }]);
    const told = decideHazard(late, { type: 'Escalate' }, rules, { at: at('03-20T10:01'), actor: people.system });
    if (told.kind === 'denied') throw new Error(told.reason);
    return told.events.flatMap((event) => (event.type === 'HazardEscalated' ? event.data.roles : [])).sort();
  };
  const both = ['committee-officer', 'department-head', 'department-officer', 'township-head', 'township-officer'];
  expect(toldIn('supervised')).toEqual(both);
  expect(toldIn('departments')).toEqual(both);
  expect(toldIn('unsupervised')).toEqual(['committee-officer', 'township-head', 'township-officer']);
});

test('a piece of evidence lies in the folder of its enterprise or area, and its key says of which', () => {
  const file = `${'ab'.repeat(32)}.jpg`;
  const objects = [
    enterpriseObject(uscc),
    areaObject(township, riskNo('A1')),
    areaObject(township, riskNo('A1-2')),
    areaObject(townshipCode('533102102'), riskNo('A1')),
  ];
  for (const object of objects) {
    const key = evidenceKeyIn(object, file);
    expect(objectOfEvidence(key)).toBe(object);
    expect(objects.filter((each) => isEvidenceOf(each, key))).toEqual([object]);
  }
  expect(objectOfEvidence(evidenceKey(`evidence/${'0'.repeat(17)}1/${file}`))).toBeUndefined();
});

describe('by the API', () => {
  const inArea = (no: string) => ({ area: { township, no }, evidence: [areaPhoto(no, 'found')] });
  const areaPlan = (no: string) => ({ ...plan, responsible: 'dao', emergencyPlan: areaPhoto(no, 'plan') });

  test('a hazard is reported in an area, by its owner’s people or who inspects it, and stands in the colour of its risk', async () => {
    const api = await hazardsApi();
    const own = await api.report('dao', '03-02T09:00', inArea('A2'));
    expect(own).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^R/), owner: `TOWN:${township}`, township, supervisor: 'DEPT:YJJ', colour: 'RED' },
    });
    const read = await api.read('mayor', '03-02T09:10', own.body.id ?? '');
    expect(read.body.finding).toMatchObject({ source: 'staff-report', risk: 'A2', evidence: [areaPhoto('A2', 'found')] });
    const found = await api.report('duan', '03-02T09:00', inArea('A2'));
    expect((await api.read('dao', '03-02T09:10', found.body.id ?? '')).body.finding).toMatchObject({ source: 'inspection' });
  });

  test('what is no area in sight, or names an enterprise too, is refused', async () => {
    const api = await hazardsApi();
    const refused = async (who: Who, found: object) => {
      const { status, body } = await api.report(who, '03-02T09:00', found);
      return [status, body.code];
    };
    expect(await refused('dao', { ...inArea('A2'), enterprise: uscc })).toEqual([422, 'enterprise-or-area']);
    expect(await refused('dao', { ...inArea('A2'), risk: 'A2' })).toEqual([422, 'enterprise-or-area']);
    expect(await refused('dao', inArea('A9'))).toEqual([404, 'not-found']);
    expect(await refused('otherTownship', inArea('A2'))).toEqual([404, 'not-found']);
    expect(await refused('duan', inArea('A1'))).toEqual([404, 'not-found']);
    expect(await refused('wang', inArea('A1'))).toEqual([404, 'not-found']);
    expect(await refused('dao', { ...inArea('A2'), evidence: [areaPhoto('A1', 'found')] })).toEqual([422, 'evidence-of-another']);
    expect(await refused('dao', { ...inArea('A2'), evidence: [photo('found')] })).toEqual([422, 'evidence-of-another']);
    const [area] = AREAS;
    api.setArea({ ...area, retired: { at: at('03-01T09:00'), because: '拆除' } });
    expect(await refused('dao', inArea('A1'))).toEqual([422, 'area-retired']);
  });

  test('a general hazard is cured by one of the owner’s people and accepted by another', async () => {
    const api = await hazardsApi();
    const id = (await api.report('dao', '03-02T09:00', inArea('A1'))).body.id ?? '';
    const steps: readonly Given[] = [
      ['dao', '03-02T10:00', 'GradeHazard', { level: 'general' }],
      ['mayor', '03-02T10:05', 'AssignRectification', { rectifier: 'dao', until: '2026-03-08' }],
      ['dao', '03-05T10:00', 'RequestExtension', { until: '2026-03-12', reason: '雨天' }],
      ['mayor', '03-05T15:00', 'DecideExtension', { granted: true }],
      ['dao', '03-06T10:00', 'SubmitRectification', { account: '已加固', evidence: [areaPhoto('A1', 'cured')] }],
    ];
    for (const [who, when, type, body] of steps) expect((await api.give(who, when, id, type, body)).status).toBe(200);
    const own = await api.give('dao', '03-06T11:00', id, 'AcceptRectification');
    expect([own.status, own.body.code]).toEqual([403, 'fixer-may-not-accept']);
    expect((await api.give('otherTownship', '03-06T11:00', id, 'AcceptRectification')).status).toBe(404);
    expect(await api.give('mayor', '03-06T12:00', id, 'AcceptRectification')).toMatchObject({ body: { stage: 'closed' } });
  });

  test('a major one with an order goes its whole way, with the committee where the department is the owner', async () => {
    const api = await hazardsApi();
    const { body } = await api.report('duan', '03-02T09:00', inArea('A3'));
    expect(body).not.toHaveProperty('supervisor');
    const id = body.id ?? '';
    const steps: readonly Given[] = [
      ['duan', '03-02T10:00', 'GradeHazard', { level: 'major', ...major }],
      ['duan', '03-02T10:10', 'ReportToDepartment'],
      ['duan', '03-02T10:20', 'IssueOrder', { kind: 'stop-use', scope: '桥' }],
      ['yang', '03-04T09:00', 'FilePlan', { plan: areaPlan('A3') }],
      ['committee', '03-05T09:00', 'ApprovePlan'],
      ['duan', '03-20T09:00', 'SubmitRectification', { account: '已加固', evidence: [areaPhoto('A3', 'cured')] }],
      ['governor', '03-21T09:00', 'AcceptRectification'],
      ['duan', '03-22T09:00', 'ApplyToResume', { assessor: '省院', assessment: areaPhoto('A3', 'assessed') }],
      ['committee', '03-23T09:00', 'ConsentToResume'],
    ];
    for (const [who, when, type, own] of steps) {
      const seen = await api.read(who, when, id);
      expect(seen.body.commands).toContain(type);
      const over: PersonCommandType[] = ['ApprovePlan', 'AcceptRectification', 'ConsentToResume'];
      if (over.includes(type)) {
        const colleague = await api.give('yang', when, id, type, own);
        expect([colleague.status, colleague.body.code]).toEqual([403, expect.stringMatching(/^(?:department-|filer-)/)]);
      }
      expect([type, (await api.give(who, when, id, type, own)).status]).toEqual([type, 200]);
    }
    expect((await api.read('duan', '03-24T09:00', id)).body.stage).toBe('closed');
  });

  test('the committee and the government decide nothing in a case that a department sees to', async () => {
    const api = await hazardsApi();
    const ids = [
      (await api.report('dao', '03-02T09:00', inArea('A2'))).body.id ?? '',
      (await api.report('li', '03-02T09:00')).body.id ?? '',
    ];
    const theirs: readonly PersonCommandType[] = [
      'AnswerEvacuationHelp',
      'ListForSupervision',
      'IssueOrder',
      'LiftOrder',
      'DelistFromSupervision',
    ];
    for (const id of ids) {
      for (const who of ['committee', 'governor'] as const) {
        const { body } = await api.read(who, '03-02T10:00', id);
        expect(PERSON_COMMANDS.filter((type) => (body.commands as string[]).includes(type) && !theirs.includes(type))).toEqual(
          [],
        );
        const graded = await api.give(who, '03-02T10:00', id, 'GradeHazard', { level: 'general' });
        expect([graded.status, graded.body.code]).toEqual([403, 'department-decides']);
      }
    }
  });

  test('an area that comes under a department is seen to by it; one that loses its department keeps the one of the case', async () => {
    const api = await hazardsApi();
    const [alone, supervised] = AREAS;
    const first = (await api.report('dao', '03-02T09:00', inArea('A1'))).body.id ?? '';
    const second = (await api.report('dao', '03-02T09:00', inArea('A2'))).body.id ?? '';
    expect((await api.read('otherDepartment', '03-02T10:00', first)).status).toBe(404);
    api.setArea({ ...alone, department: departmentOwner('ZJJ') });
    expect((await api.read('otherDepartment', '03-02T10:00', first)).status).toBe(200);
    const { department: _, ...without } = supervised;
    api.setArea(without);
    expect((await api.read('duan', '03-02T10:00', second)).status).toBe(200);
  });

  test('the hazards of an owner’s areas are listed, to those who may see them', async () => {
    const api = await hazardsApi();
    for (const no of ['A1', 'A2']) await api.report('dao', '03-02T09:00', inArea(no));
    await api.report('duan', '03-02T09:00', inArea('A3'));
    const risksOf = async (who: Who, owner: string) => {
      const { body } = await api.ask(who, '03-02T10:00', 'GET /v1/hazards', { query: { areasOf: owner } });
      return (body.items as { risk: string }[]).map(({ risk }) => risk).sort();
    };
    expect(await risksOf('mayor', `TOWN:${township}`)).toEqual(['A1', 'A2']);
    expect(await risksOf('committee', `TOWN:${township}`)).toEqual(['A1', 'A2']);
    expect(await risksOf('duan', `TOWN:${township}`)).toEqual(['A2']);
    expect(await risksOf('dao', 'DEPT:YJJ')).toEqual(['A3']);
    expect(await risksOf('wang', `TOWN:${township}`)).toEqual([]);
  });
});
