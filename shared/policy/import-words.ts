/** The words that an imported list may use, taken from the county's policy and from the code tables. */
import type { Vocabulary, Words } from '../domain/import-columns.ts';
import type { ListRules } from '../domain/import-rows.ts';
import { townshipsOf } from './divisions.ts';
import { gradingRulesOf, type Policy } from './load.ts';

const one = (values: Readonly<Record<string, string>>): Words =>
  Object.fromEntries(Object.entries(values).map(([code, name]) => [code, [name]]));

export function importWords(policy: Policy): Vocabulary {
  const { identification, controls, accidents, industries, departments, grades } = policy;
  const accidentNames = accidents.editions[accidents.inUse.edition];
  if (accidentNames === undefined) throw new Error(`the policy has no table ${accidents.inUse.edition}`);
  return {
    townships: one(Object.fromEntries(townshipsOf(policy.county))),
    departments: one(departments.values),
    industries: Object.fromEntries(Object.entries(industries.values).map(([code, { name }]) => [code, [name]])),
    dimensions: one(identification.dimensions.values),
    participants: one(identification.participants.values),
    accidents: one(accidentNames),
    majorInstallations: {
      yes: ['是', '构成'],
      no: ['否', '无', '不是', '不构成'],
      ...Object.fromEntries(['一', '二', '三', '四'].map((name, index) => [`${index + 1}`, [`${name}级`, `${index + 1}级`]])),
    },
    controlLevels: Object.fromEntries(Object.entries(controls.levels.values).map(([code, name]) => [code, [name, `${name}级`]])),
    grades: Object.fromEntries(
      Object.entries(grades).map(([code, { name, colour }]) => [
        code,
        [name, name.replace('风险', ''), colour, `${colour}色`, `${name}(${colour})`, `${name}(${colour}色)`],
      ]),
    ),
    methods: {
      LEC: ['LEC', 'LEC法'],
      LS: ['LS', 'LS法', '风险矩阵法'],
      MES: ['MES', 'MES法'],
      EXPERTS: ['专家', '专家评定', '专家直接确定', '直接判定'],
    },
  };
}

const known = new WeakMap<Policy, ListRules>();
/** What reading a list needs of a policy; made once per policy, since its words are looked up by identity. */
export function listRulesOf(policy: Policy): ListRules {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const rules = { words: importWords(policy), grading: gradingRulesOf(policy) };
  known.set(policy, rules);
  return rules;
}
