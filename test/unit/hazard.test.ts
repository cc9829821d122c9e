import { instant } from '../../shared/domain/calendar.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { attentionAt, NO_DEADLINE, outcomeOf, overdueAt, stageDeadline } from '../../shared/domain/hazard-deadlines.ts';
import { missingOfPlan } from '../../shared/domain/hazard-decide.ts';
import { HAZARD_DENIALS } from '../../shared/domain/hazard-denials.ts';
import { commandsOffered } from '../../shared/domain/hazard-offers.ts';
import { personId } from '../../shared/domain/ids.ts';
import {
  anArea,
  answered,
  at,
  began,
  day,
  from,
  given,
  opened,
  openedIn,
  people,
  photo,
  plan,
  rules,
  type Step,
} from '../support/hazard-case.ts';

const criterion = { criterion: 'hard-to-cure', basis: '须停用储罐并更换全部报警器' };
const general: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }];
const major: Step = ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }];
const assigned: Step = ['wang', at('03-02T10:05'), { type: 'AssignRectification', rectifier: people.li.id }];
const submit = (when: string, who: Step[0] = 'li'): Step => [
  who,
  at(when),
  { type: 'SubmitRectification', account: '已更换', evidence: [photo('after')] },
];
const told: Step = ['wang', at('03-02T10:30'), { type: 'ReportToDepartment' }];
const filed: Step = ['wang', at('03-04T10:00'), { type: 'FilePlan', plan }];
const approved: Step = ['duan', at('03-05T10:00'), { type: 'ApprovePlan' }];
const stop: Step = ['duan', at('03-05T11:00'), { type: 'IssueOrder', kind: 'stop-use', scope: '一号储罐' }];
const accepted: Step = ['duan', at('03-21T10:00'), { type: 'AcceptRectification' }];
const applied: Step = [
  'zhao',
  at('03-22T10:00'),
  { type: 'ApplyToResume', assessor: '某评价公司', assessment: photo('assessed') },
];
const curing = [major, told, filed, approved] as const;

describe('a general hazard', () => {
  test('is graded, assigned, cured and accepted by somebody else', () => {
    const closed = given(general, assigned, submit('03-05T09:00'), ['wang', at('03-05T12:00'), { type: 'AcceptRectification' }]);
    expect(closed).toMatchObject({ stage: 'closed', rectifier: 'li', acceptedBy: 'wang', obligations: [], missed: [] });
  });

  test('has 7 days where nobody wrote a day, and says why', () => {
    expect(stageDeadline(given(general, assigned))).toMatchObject({
      kind: 'rectify',
      due: instant('2026-03-10T00:00:00+08:00'),
      why: { rule: 'hazards.general.rectify', clause: '二(五)' },
    });
  });

  test('keeps the day that was written for it', () => {
    const hazard = given(general, [
      'wang',
      at('03-02T10:05'),
      { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-04') },
    ]);
    expect(stageDeadline(hazard)?.due).toBe(instant('2026-03-05T00:00:00+08:00'));
  });

  test('goes back to rectifying when its cure is refused, and the attempt stays to be seen', () => {
    const returned = given(general, assigned, submit('03-05T09:00'), [
      'wang',
      at('03-05T12:00'),
      { type: 'ReturnRectification', reason: '未接线' },
    ]);
    expect(returned).toMatchObject({
      stage: 'rectifying',
      attempts: [{ by: 'li', verdict: { accepted: false, note: '未接线' } }],
    });
    expect(stageDeadline(returned)).toEqual(stageDeadline(given(general, assigned)));
  });

  test('that outlived its deadline while it waited for a verdict gets the one more limit of the policy, once', () => {
    const back: Step = ['wang', at('03-11T09:00'), { type: 'ReturnRectification', reason: '未接线' }];
    const once = given(general, assigned, submit('03-09T09:00'), back);
    expect(once.missed).toEqual([]);
    expect(stageDeadline(once)).toMatchObject({ due: at('03-15T00:00'), why: { rule: 'hazards.general.again' } });
    const twice = from(once, submit('03-14T09:00'), ['wang', at('03-16T09:00'), back[2]]);
    expect(stageDeadline(twice)).toEqual(stageDeadline(once));
    expect(overdueAt(twice, at('03-16T09:00'))).toMatchObject({ since: at('03-15T00:00') });
  });

  test('that was handed in before cases kept its deadline gets the one more limit when it comes back', () => {
    const { handedIn: _, ...old } = { handedIn: undefined, ...given(general, assigned, submit('03-05T09:00')) };
    const back = from(old as Hazard, ['wang', at('03-05T12:00'), { type: 'ReturnRectification', reason: '未接线' }]);
    expect(stageDeadline(back)).toMatchObject({ due: at('03-09T00:00'), why: { rule: 'hazards.general.again' } });
  });

  test('that is fixed on the spot still waits for another acceptor', () => {
    const fixed = given([
      'li',
      at('03-02T11:00'),
      { type: 'FixOnTheSpot', account: '拧紧', before: [photo('a')], after: [photo('b')] },
    ]);
    expect(fixed).toMatchObject({ stage: 'awaiting-acceptance', grade: { level: 'general' }, rectifier: 'li' });
    expect(answered(fixed, ['li', at('03-02T11:30'), { type: 'AcceptRectification' }])).toBe('fixer-may-not-accept');
    expect(from(fixed, ['wang', at('03-02T11:30'), { type: 'AcceptRectification' }]).stage).toBe('closed');
  });

  test('that comes back from a fix on the spot has the policy’s time, and the one more like any other', () => {
    const back = { type: 'ReturnRectification', reason: '未拧紧' } as const;
    const fix: Step = [
      'li',
      at('03-02T11:00'),
      { type: 'FixOnTheSpot', account: '拧紧', before: [photo('a')], after: [photo('b')] },
    ];
    const first = given(fix, ['wang', at('03-02T12:00'), back]);
    expect(stageDeadline(first)).toMatchObject({ due: at('03-06T00:00') });
    const second = from(first, submit('03-02T13:00'), ['wang', at('03-06T09:00'), back]);
    expect(stageDeadline(second)).toMatchObject({ due: at('03-10T00:00'), why: { rule: 'hazards.general.again' } });
    expect(second.missed.filter(({ kind }) => kind === 'rectify')).toEqual([]);
  });

  test('that was suspected to be major is one when the department says so; only then is it fixed on the spot', () => {
    const suspected = opened({ suspectedMajor: true });
    expect(answered(suspected, general)).toBe('department-decides');
    expect(answered(suspected, major)).toEqual(['HazardGraded']);
    expect(commandsOffered(suspected, rules, { at: at('03-02T10:00'), actor: people.wang })).toContain('GradeHazard');
    const graded = from(suspected, ['duan', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }]);
    const fix = { type: 'FixOnTheSpot', account: '拧紧', before: [photo('a')], after: [photo('b')] } as const;
    expect(answered(suspected, ['li', at('03-02T11:00'), fix])).toBe('major-needs-plan');
    expect(answered(graded, ['li', at('03-02T11:00'), fix])).toEqual(['HazardFixedOnTheSpot']);
  });

  test('can be upgraded while it is being accepted, and then needs a plan', () => {
    const upgraded = given(general, assigned, submit('03-05T09:00'), [
      'duan',
      at('03-05T12:00'),
      { type: 'UpgradeHazard', ...criterion },
    ]);
    expect(upgraded).toMatchObject({ stage: 'awaiting-plan', grade: { level: 'major', reported: { by: 'duan' } } });
    expect(upgraded.attempts).toHaveLength(1);
  });

  test('may change hands in the middle, but not gain time by it', () => {
    const handed = given(general, assigned, [
      'wang',
      at('03-03T08:00'),
      { type: 'AssignRectification', rectifier: people.dao.id },
    ]);
    expect(handed).toMatchObject({ rectifier: 'dao', fixers: ['li', 'dao'] });
    expect(stageDeadline(handed)).toEqual(stageDeadline(given(general, assigned)));
  });
});

describe('a major hazard', () => {
  test('is reported, planned, cured, accepted by the department and closed', () => {
    const closed = given(...curing, submit('03-20T10:00', 'wang'), accepted);
    expect(closed).toMatchObject({ stage: 'closed', grade: { level: 'major', reported: { by: 'wang' } }, acceptedBy: 'duan' });
  });

  test('has the time limit of its plan', () => {
    expect(stageDeadline(given(...curing))?.due).toBe(instant('2026-04-16T00:00:00+08:00'));
  });

  test('must be reported within 2 hours, and the miss stays to be seen', () => {
    const late = given(major, ['wang', at('03-02T13:00'), { type: 'ReportToDepartment' }]);
    expect(late.missed).toMatchObject([{ kind: 'report', due: at('03-02T12:00'), met: at('03-02T13:00') }]);
  });

  test('names what its plan lacks', () => {
    const { fundsFen: _, ...lacking } = plan;
    expect(missingOfPlan({ ...lacking, parts: { ...plan.parts, safety: ' ' } }, rules)).toEqual(['fundsFen', 'safety']);
    expect(missingOfPlan({ ...lacking, parts: {} }, { sixParts: { ...rules.sixParts, required: false } })).toEqual(['fundsFen']);
  });

  test('gets its plan back with a reason and 3 days', () => {
    const returned = given(major, told, filed, ['duan', at('03-05T10:00'), { type: 'ReturnPlan', reason: '资金不足' }]);
    expect(returned).toMatchObject({ stage: 'awaiting-plan', returned: { reason: '资金不足' } });
    expect(stageDeadline(returned)).toMatchObject({
      due: instant('2026-03-09T00:00:00+08:00'),
      why: { rule: 'hazards.major.planAgain' },
    });
  });

  test('under a stop order waits after acceptance for the consent to resume', () => {
    const waiting = given(...curing, stop, submit('03-20T10:00', 'wang'), accepted);
    expect(waiting).toMatchObject({ stage: 'awaiting-resumption', accepted: { by: 'duan' } });
    expect(attentionAt(waiting)).toBe(NO_DEADLINE);
    const resumed = from(waiting, applied, ['yang', at('03-23T10:00'), { type: 'ConsentToResume' }]);
    expect(resumed).toMatchObject({
      stage: 'closed',
      acceptedBy: 'duan',
      orders: [{ kind: 'stop-use', lifted: { by: 'yang' } }],
    });
  });

  test('whose resumption is refused may apply again', () => {
    const refused = given(...curing, stop, submit('03-20T10:00', 'wang'), accepted, applied, [
      'yang',
      at('03-23T10:00'),
      { type: 'RefuseToResume', reason: '现场未清理' },
    ]);
    expect(refused).toMatchObject({ stage: 'awaiting-resumption', refused: { reason: '现场未清理' } });
    expect(answered(refused, ['zhao', at('03-24T10:00'), applied[2]])).toEqual(['ResumptionApplied']);
  });

  test('that the enterprise itself has stopped thrice can still be stopped by the department', () => {
    const own: Step = ['zhao', at('03-05T11:00'), { type: 'IssueOrder', kind: 'withdraw', scope: '罐区' }];
    expect(answered(given(...curing, own, own, own), stop)).toEqual(['OrderIssued']);
  });

  test('has orders to leave lifted one by one', () => {
    const left = given(...curing, ['duan', at('03-05T11:00'), { type: 'IssueOrder', kind: 'withdraw', scope: '罐区人员' }]);
    const back = from(left, ['duan', at('03-06T11:00'), { type: 'LiftOrder', no: 1, reason: '气体已排空' }]);
    expect(back.orders).toMatchObject([{ no: 1, lifted: { reason: '气体已排空' } }]);
    expect(from(back, submit('03-20T10:00', 'wang'), accepted).stage).toBe('closed');
  });

  test('may ask the county government to help evacuate, which answers within 2 hours', () => {
    const asked = given(major, [
      'zhao',
      at('03-02T10:10'),
      { type: 'ApplyForEvacuationHelp', area: '南侧村民小组', people: 120 },
    ]);
    expect(asked.obligations.find(({ kind }) => kind === 'evacuation')?.due).toBe(at('03-02T12:10'));
    const answer = { type: 'AnswerEvacuationHelp', granted: true, note: '已通知' } as const;
    expect(from(asked, ['governor', at('03-02T10:40'), answer]).evacuations).toMatchObject([{ answer: { granted: true } }]);
  });

  test('that is listed ends with the term of the listing and reports its progress', () => {
    const listed = given(...curing, [
      'duan',
      at('03-06T10:00'),
      { type: 'ListForSupervision', document: '瑞安办〔2026〕3号', term: day('2026-04-10') },
    ]);
    expect(stageDeadline(listed)?.due).toBe(instant('2026-04-11T00:00:00+08:00'));
    const reported = from(listed, ['wang', at('03-20T10:00'), { type: 'ReportProgress', text: '已完成六成' }]);
    expect(reported.obligations.find(({ kind }) => kind === 'progress')?.due).toBe(instant('2026-04-20T00:00:00+08:00'));
    const delist = { type: 'DelistFromSupervision', document: '瑞安办〔2026〕4号' } as const;
    expect(answered(reported, ['duan', at('03-20T11:00'), delist])).toBe('not-accepted-yet');
    const closed = from(reported, submit('03-20T12:00', 'wang'), accepted, ['duan', at('03-22T10:00'), delist]);
    expect(closed).toMatchObject({ stage: 'closed', listing: { delisted: { by: 'duan' } } });
  });
});

describe('an extension', () => {
  const ask: Step = ['li', at('03-05T10:00'), { type: 'RequestExtension', until: day('2026-03-20'), reason: '配件未到' }];
  const grant: Step = ['wang', at('03-05T15:00'), { type: 'DecideExtension', granted: true }];

  test('moves the deadline when somebody else has granted it', () => {
    const extended = given(general, assigned, ask, grant);
    expect(stageDeadline(extended)?.due).toBe(instant('2026-03-21T00:00:00+08:00'));
    expect(extended.extensions).toMatchObject([{ state: 'granted', decided: { by: 'wang' } }]);
  });

  test('that is refused leaves the deadline where it was', () => {
    const refused = given(general, assigned, ask, [
      'wang',
      at('03-05T15:00'),
      { type: 'DecideExtension', granted: false, note: '可外购' },
    ]);
    expect(stageDeadline(refused)).toEqual(stageDeadline(given(general, assigned)));
  });

  test('that nobody decided lapses with the deadline', () => {
    const lapsed = given(general, assigned, ask, ['system', at('03-10T00:05'), { type: 'MarkOverdue' }]);
    expect(lapsed.extensions).toMatchObject([{ state: 'lapsed' }]);
    expect(answered(lapsed, ['wang', at('03-10T09:00'), grant[2]])).toBe('decided-too-late');
    const unswept = given(general, assigned, ask);
    expect(answered(unswept, ['wang', at('03-10T09:00'), grant[2]])).toBe('decided-too-late');
  });

  test('lapses with a deadline that was brought forward, before its answer was due; the case goes on', () => {
    const sooner: Step = [
      'wang',
      at('03-05T11:00'),
      { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-05') },
    ];
    const swept = given(general, assigned, ask, sooner, ['system', at('03-12T00:05'), { type: 'MarkOverdue' }]);
    expect(swept.extensions).toMatchObject([{ state: 'lapsed' }]);
    expect(swept.missed).toMatchObject([{ kind: 'rectify', due: at('03-06T00:00') }]);
    expect(swept.obligations.map(({ kind }) => kind)).toEqual(['rectify']);
  });
});

describe('what is overdue', () => {
  const late = [general, assigned] as const;
  const marked: Step = ['system', at('03-10T00:05'), { type: 'MarkOverdue' }];
  const escalate = (when: string): Step => ['system', at(when), { type: 'Escalate' }];

  test('is noted once, then told step by step up the ladder', () => {
    const noted = given(...late, marked);
    expect(outcomeOf(noted, 'rectifying')).toEqual({ stage: 'rectifying', overdue: true });
    expect(answered(noted, ['system', at('03-10T00:10'), { type: 'MarkOverdue' }])).toBe('nothing-due');
    const first = from(noted, escalate('03-10T00:06'));
    expect(overdueAt(first, at('03-10T00:07'))).toEqual({ since: at('03-10T00:00'), steps: 1, pending: false });
    expect(attentionAt(first)).toBe(at('03-12T00:00'));
    expect(outcomeOf(first, 'rectifying')).toBeUndefined();
    const second = from(first, ['system', at('03-12T00:05'), { type: 'MarkOverdue' }], escalate('03-12T00:06'));
    expect(overdueAt(second, at('03-12T00:07'))?.steps).toBe(2);
  });

  test('after an outage tells every step that has come meanwhile at once', () => {
    const caught = from(given(...late), ['system', at('03-16T09:00'), { type: 'MarkOverdue' }], escalate('03-16T09:01'));
    expect(overdueAt(caught, at('03-16T09:02'))?.steps).toBe(3);
    expect(attentionAt(caught)).toBe(at('03-20T00:00'));
  });

  test('goes on being told at the last interval until it is done', () => {
    const long = from(given(...late), ['system', at('04-20T00:00'), { type: 'MarkOverdue' }], escalate('04-20T00:01'));
    expect(attentionAt(long)).toBe(at('04-24T00:00'));
  });

  test('stays with the case when it was done late, even if no sweep had noted it', () => {
    const done = given(...late, submit('03-11T09:00'));
    expect(done).toMatchObject({
      stage: 'awaiting-acceptance',
      missed: [{ kind: 'rectify', due: at('03-10T00:00'), met: at('03-11T09:00') }],
    });
    expect(overdueAt(done, at('03-11T09:00'))).toEqual({
      since: at('03-10T00:00'),
      steps: 0,
      pending: false,
      met: at('03-11T09:00'),
    });
    const closed = from(done, ['wang', at('03-11T12:00'), { type: 'AcceptRectification' }]);
    expect(overdueAt(closed, at('03-11T12:00'))).toBeUndefined();
    const reopen = { type: 'ReopenHazard', reason: '再次失灵', evidence: [photo('again')] } as const;
    expect(overdueAt(from(closed, ['li', at('03-12T09:00'), reopen]), at('03-12T09:00'))).toBeUndefined();
  });

  test('goes on being overdue, from the same step, when what was handed in late comes back', () => {
    const second = from(given(...late), ['system', at('03-12T00:05'), { type: 'MarkOverdue' }], escalate('03-12T00:06'));
    const handed = from(second, submit('03-13T09:00'));
    expect(overdueAt(handed, at('03-13T09:00'))).toMatchObject({ steps: 2, met: at('03-13T09:00') });
    const back = from(handed, ['wang', at('03-13T10:00'), { type: 'ReturnRectification', reason: '未动' }]);
    expect(back.obligations).toEqual(second.obligations);
    expect(back.missed).toEqual(second.missed);
    expect(overdueAt(back, at('03-13T10:00'))).toEqual({ since: at('03-10T00:00'), steps: 2, pending: false });
  });
});

describe('a false report', () => {
  const ask: Step = ['li', at('03-02T09:30'), { type: 'RequestWithdrawal', reason: '误报' }];

  test('is withdrawn when another has confirmed it', () => {
    expect(given(ask, ['wang', at('03-02T10:00'), { type: 'ConfirmWithdrawal' }])).toMatchObject({
      stage: 'withdrawn',
      reason: '误报',
      confirmedBy: 'wang',
      obligations: [],
    });
  });

  test('goes on where it stood when the withdrawal is refused', () => {
    const refused = given(
      general,
      ['li', at('03-02T10:01'), ask[2]],
      ['wang', at('03-02T10:02'), { type: 'RefuseWithdrawal', reason: '现场属实' }],
    );
    expect(refused).toEqual({ ...given(general), extensions: [] });
  });

  test('that an inspection found is reviewed by an authority, not by the enterprise alone', () => {
    const asked = from(opened({ source: 'inspection' }), ask);
    expect(answered(asked, ['wang', at('03-02T10:00'), { type: 'RefuseWithdrawal', reason: '' }])).toBe('authority-reviews');
    for (const who of ['dao', 'duan'] as const)
      expect(answered(asked, [who, at('03-02T10:00'), { type: 'ConfirmWithdrawal' }])).toEqual(['HazardWithdrawn']);
  });

  test('of a major hazard is confirmed by the department', () => {
    const asked = from(opened({ suspectedMajor: true }), ask);
    expect(answered(asked, ['zhao', at('03-02T10:00'), { type: 'ConfirmWithdrawal' }])).toBe('department-decides');
    expect(answered(asked, ['duan', at('03-02T10:00'), { type: 'ConfirmWithdrawal' }])).toEqual(['HazardWithdrawn']);
  });
});

describe('a hazard that recurs', () => {
  const again = (when: string): Step => [
    'li',
    at(when),
    { type: 'ReopenHazard', reason: '再次失灵', evidence: [photo('again')] },
  ];
  const closed = () =>
    given(general, assigned, submit('03-05T09:00'), ['wang', at('03-05T12:00'), { type: 'AcceptRectification' }]);

  test('is opened again as the next generation, and the first closing stays counted', () => {
    expect(from(closed(), again('04-01T09:00'))).toMatchObject({
      stage: 'rectifying',
      generation: 2,
      closings: [{ generation: 1, by: 'wang' }],
    });
  });

  test('needs a new plan where it is major', () => {
    const reopened = from(given(...curing, submit('03-20T10:00', 'wang'), accepted), again('04-01T09:00'));
    expect(reopened).toMatchObject({ stage: 'awaiting-plan', generation: 2 });
    expect(reopened.obligations.map(({ kind }) => kind)).toEqual(['plan', 'report']);
  });

  test('after the period of the policy is a new hazard', () => {
    expect(answered(closed(), again('06-10T09:00'))).toBe('reopened-too-late');
  });
});

const refusals: readonly [keyof typeof HAZARD_DENIALS, () => string | readonly string[]][] = [
  ['wrong-stage', () => answered(opened(), submit('03-02T10:00'))],
  ['already-graded', () => answered(given(general), general)],
  ['not-graded', () => answered(opened(), assigned)],
  ['already-major', () => answered(given(major), ['wang', at('03-02T11:00'), { type: 'UpgradeHazard', ...criterion }])],
  ['only-for-major', () => answered(given(general), stop)],
  [
    'unknown-criterion',
    () => answered(opened(), ['wang', began, { type: 'GradeHazard', level: 'major', criterion: 'x', basis: 'y' }]),
  ],
  ['basis-missing', () => answered(opened(), ['wang', began, { type: 'GradeHazard', level: 'major', ...criterion, basis: ' ' }])],
  [
    'major-needs-plan',
    () =>
      answered(opened({ suspectedMajor: true }), [
        'li',
        began,
        { type: 'FixOnTheSpot', account: '', before: [photo('a')], after: [photo('b')] },
      ]),
  ],
  [
    'not-the-same-day',
    () =>
      answered(opened(), [
        'li',
        at('03-03T00:00'),
        { type: 'FixOnTheSpot', account: '', before: [photo('a')], after: [photo('b')] },
      ]),
  ],
  [
    'evidence-missing',
    () =>
      answered(given(general, assigned), ['li', at('03-03T00:00'), { type: 'SubmitRectification', account: '', evidence: [] }]),
  ],
  [
    'before-is-after',
    () =>
      answered(opened(), [
        'li',
        began,
        { type: 'FixOnTheSpot', account: '', before: [photo('a')], after: [photo('b'), photo('a')] },
      ]),
  ],
  [
    'deadline-passed',
    () =>
      answered(given(general), [
        'wang',
        at('03-02T11:00'),
        { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-01') },
      ]),
  ],
  [
    'deadline-too-long',
    () =>
      answered(given(general), [
        'wang',
        at('03-02T11:00'),
        { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-18') },
      ]),
  ],
  [
    'deadline-relaxes',
    () =>
      answered(given(general, assigned), [
        'wang',
        at('03-02T11:00'),
        { type: 'AssignRectification', rectifier: people.li.id, until: day('2026-03-10') },
      ]),
  ],
  [
    'plan-names-rectifier',
    () => answered(given(...curing), ['wang', at('03-06T11:00'), { type: 'AssignRectification', rectifier: people.li.id }]),
  ],
  ['not-reported', () => answered(given(major), ['wang', at('03-02T11:00'), { type: 'FilePlan', plan }])],
  ['already-reported', () => answered(given(major, told), told)],
  [
    'plan-incomplete',
    () => answered(given(major, told), ['wang', at('03-02T11:00'), { type: 'FilePlan', plan: { ...plan, parts: {} } }]),
  ],
  [
    'fixer-may-not-accept',
    () => answered(given(general, assigned, submit('03-03T09:00')), ['li', at('03-03T10:00'), { type: 'AcceptRectification' }]),
  ],
  [
    'department-accepts-major',
    () => answered(given(...curing, submit('03-20T10:00', 'wang')), ['dao', at('03-21T10:00'), { type: 'AcceptRectification' }]),
  ],
  ['filer-may-not-review', () => answered(given(major, told, ['duan', at('03-04T10:00'), { type: 'FilePlan', plan }]), approved)],
  [
    'too-many-orders',
    () => {
      const own: Step = ['zhao', at('03-05T11:00'), { type: 'IssueOrder', kind: 'withdraw', scope: '罐区' }];
      return answered(given(...curing, own, own, own), own);
    },
  ],
  [
    'too-many-fixers',
    () => {
      const people = Array.from({ length: 100 }, (_, no) => personId(`p${no}`));
      const assigns = people.map((rectifier): Step => ['wang', at('03-02T11:00'), { type: 'AssignRectification', rectifier }]);
      return answered(given(general, ...assigns), assigned);
    },
  ],
  ['no-such-order', () => answered(given(...curing), ['duan', at('03-06T10:00'), { type: 'LiftOrder', no: 1, reason: '' }])],
  [
    'consent-needed',
    () => answered(given(...curing, stop), ['duan', at('03-06T10:00'), { type: 'LiftOrder', no: 1, reason: '' }]),
  ],
  [
    'help-already-asked',
    () => {
      const ask: Step = ['zhao', at('03-02T10:10'), { type: 'ApplyForEvacuationHelp', area: '村', people: 1 }];
      return answered(given(major, ask), ask);
    },
  ],
  [
    'no-help-asked',
    () => answered(given(major), ['governor', at('03-02T10:10'), { type: 'AnswerEvacuationHelp', granted: false, note: '' }]),
  ],
  [
    'another-authority-decides',
    () => {
      const ask: Step = ['mayor', at('03-02T10:10'), { type: 'ApplyForEvacuationHelp', area: '集市', people: 300 }];
      const mayor: Step = ['mayor', at('03-02T10:20'), { type: 'AnswerEvacuationHelp', granted: true, note: '' }];
      const graded: Step = ['dao', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }];
      return answered(from(openedIn(anArea), graded, ask), mayor);
    },
  ],
  [
    'already-listed',
    () => {
      const list: Step = ['duan', at('03-06T10:00'), { type: 'ListForSupervision', document: '1', term: day('2026-04-10') }];
      return answered(given(...curing, list), list);
    },
  ],
  ['not-listed', () => answered(given(...curing), ['wang', at('03-06T10:00'), { type: 'ReportProgress', text: '' }])],
  [
    'not-accepted-yet',
    () =>
      answered(
        given(...curing, ['duan', at('03-06T10:00'), { type: 'ListForSupervision', document: '1', term: day('2026-04-10') }]),
        ['duan', at('03-07T10:00'), { type: 'DelistFromSupervision', document: '2' }],
      ),
  ],
  ['already-applied', () => answered(given(...curing, stop, submit('03-20T10:00', 'wang'), accepted, applied), applied)],
  [
    'not-applied',
    () =>
      answered(given(...curing, stop, submit('03-20T10:00', 'wang'), accepted), [
        'yang',
        at('03-22T10:00'),
        { type: 'ConsentToResume' },
      ]),
  ],
  [
    'applicant-may-not-decide',
    () =>
      answered(given(...curing, stop, submit('03-20T10:00', 'wang'), accepted, applied), [
        'zhao',
        at('03-22T10:00'),
        { type: 'ConsentToResume' },
      ]),
  ],
  [
    'extension-pending',
    () => {
      const ask: Step = ['li', at('03-05T10:00'), { type: 'RequestExtension', until: day('2026-03-20'), reason: '' }];
      return answered(given(general, assigned, ask), ask);
    },
  ],
  [
    'extensions-used-up',
    () =>
      answered(
        given(
          general,
          assigned,
          ['li', at('03-05T10:00'), { type: 'RequestExtension', until: day('2026-03-20'), reason: '' }],
          ['wang', at('03-05T15:00'), { type: 'DecideExtension', granted: true }],
        ),
        ['li', at('03-06T10:00'), { type: 'RequestExtension', until: day('2026-03-25'), reason: '' }],
      ),
  ],
  [
    'asked-too-late',
    () =>
      answered(given(general, assigned), [
        'li',
        at('03-09T00:01'),
        { type: 'RequestExtension', until: day('2026-03-20'), reason: '' },
      ]),
  ],
  [
    'extension-not-later',
    () =>
      answered(given(general, assigned), [
        'li',
        at('03-05T00:01'),
        { type: 'RequestExtension', until: day('2026-03-09'), reason: '' },
      ]),
  ],
  [
    'extension-too-long',
    () =>
      answered(given(general, assigned), [
        'li',
        at('03-05T00:01'),
        { type: 'RequestExtension', until: day('2026-03-25'), reason: '' },
      ]),
  ],
  [
    'no-extension-asked',
    () => answered(given(general, assigned), ['wang', at('03-05T00:01'), { type: 'DecideExtension', granted: true }]),
  ],
  [
    'decided-too-late',
    () =>
      answered(
        given(general, assigned, ['li', at('03-05T10:00'), { type: 'RequestExtension', until: day('2026-03-20'), reason: '' }]),
        ['wang', at('03-10T00:00'), { type: 'DecideExtension', granted: true }],
      ),
  ],
  [
    'department-decides',
    () =>
      answered(
        given(...curing, ['wang', at('03-06T10:00'), { type: 'RequestExtension', until: day('2026-05-20'), reason: '' }]),
        ['zhao', at('03-07T10:00'), { type: 'DecideExtension', granted: true }],
      ),
  ],
  [
    'withdrawal-pending',
    () =>
      answered(given(['li', began, { type: 'RequestWithdrawal', reason: '' }]), [
        'wang',
        began,
        { type: 'RequestWithdrawal', reason: '' },
      ]),
  ],
  [
    'authority-reviews',
    () =>
      answered(from(opened({ source: 'inspection' }), ['wang', began, { type: 'RequestWithdrawal', reason: '' }]), [
        'zhao',
        began,
        { type: 'ConfirmWithdrawal' },
      ]),
  ],
  ['no-withdrawal-asked', () => answered(opened(), ['wang', began, { type: 'ConfirmWithdrawal' }])],
  [
    'requester-may-not-review',
    () => answered(given(['li', began, { type: 'RequestWithdrawal', reason: '' }]), ['li', began, { type: 'ConfirmWithdrawal' }]),
  ],
  [
    'reopened-too-late',
    () =>
      answered(given(general, assigned, submit('03-05T09:00'), ['wang', at('03-05T12:00'), { type: 'AcceptRectification' }]), [
        'li',
        at('06-04T00:00'),
        { type: 'ReopenHazard', reason: '', evidence: [photo('again')] },
      ]),
  ],
  ['nothing-due', () => answered(opened(), ['system', began, { type: 'MarkOverdue' }])],
  ['nothing-to-escalate', () => answered(opened(), ['system', began, { type: 'Escalate' }])],
];

test.each(refusals)('%s', (reason, attempt) => {
  expect(attempt()).toBe(reason);
});

test('every reason for a refusal has its test, and a sentence that ends', () => {
  expect(refusals.map(([reason]) => reason).sort()).toEqual(Object.keys(HAZARD_DENIALS).sort());
  for (const { says } of Object.values(HAZARD_DENIALS)) expect(says).toMatch(/。$/);
});
