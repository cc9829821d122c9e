/** From the row of a list to the command that the API would have been given: read by the same schemas, decided by the same rules. */
import type * as z from 'zod';
import type { AreaRow, EnterpriseRow, RiskRow, RowError } from '../../shared/domain/import-rows.ts';
import { SHEETS, type SheetId } from '../../shared/domain/import-sheets.ts';
import { departmentOwner, enterpriseOwner } from '../../shared/domain/owner.ts';
import type { Denied } from '../../shared/domain/register-denials.ts';
import type { EnterpriseContent } from '../../shared/domain/register-owner.ts';
import { type Assessments, CONTROL_KINDS } from '../../shared/domain/register-risk.ts';
import type { RegisterRules } from '../../shared/domain/register-rules.ts';
import type { EnteredContent, RiskCommand } from '../../shared/domain/risk-decide.ts';
import { areaContent, type EnteredEnterprise, enterpriseContent, riskContent } from '../../shared/runtime/register-schemas.ts';

/** What a row asks for. */
export type RowCommand = Extract<RiskCommand, { type: 'AddRisk' }> & { readonly assessments: Assessments };

type Row = EnterpriseRow | RiskRow | AreaRow;

/** Where the columns of a sheet go by other names than the fields that they fill; of several the first that the file has. */
const COLUMNS_OF: Readonly<Record<string, readonly string[]>> = {
  location: ['place'],
  coordinates: ['longitude', 'latitude'],
  controls: CONTROL_KINDS,
  contacts: ['head', 'manager'],
  department: ['owner'],
  majorInstallation: ['majorInstallation', 'installationNo'],
  inherent: ['inherentGrade', 'method'],
  residual: ['residualGrade', 'method'],
};

function columnsOf(field: string): readonly string[] {
  const [name = '', factor] = field.split('.');
  return factor !== undefined && /^(?:inherent|residual)$/.test(name) ? [`${name}${factor}`] : (COLUMNS_OF[name] ?? [name]);
}

/** What is wrong with a field of a row; with the row as a whole, in the column that tells it from the others. */
export function rowError(sheet: SheetId, { place, ...row }: Row, code: string, message: string, field?: string): RowError {
  const columns: Readonly<Record<string, { readonly heading: string }>> = SHEETS[sheet].columns;
  const known = (field === undefined ? [] : columnsOf(field)).filter((name) => columns[name] !== undefined);
  const name = known.find((each) => place.columns?.[each] !== undefined) ?? known[0] ?? SHEETS[sheet].key.at(-1) ?? '';
  const [column, heading] = [place.columns?.[name], columns[name]?.heading];
  const value = Object.entries(row).find(([each]) => each === field)?.[1];
  return {
    sheet: place.sheet,
    row: place.row,
    ...(column !== undefined && { column }),
    ...(heading !== undefined && { heading }),
    found: typeof value === 'string' ? value : 'no' in row ? row.no : row.uscc,
    code,
    message,
  };
}

export const deniedRow = (sheet: SheetId, row: Row, { reason, says, field }: Denied): RowError =>
  rowError(sheet, row, reason, says, field);

const malformed = (sheet: SheetId, row: Row, { issues }: z.ZodError): RowError[] =>
  issues.map(({ path: [field, index], message }) => {
    const kind = field === 'controls' && 'controls' in row ? row.controls[Number(index)]?.kind : undefined;
    return rowError(sheet, row, 'malformed', message, kind ?? String(field ?? ''));
  });

/** Degrees as an integer of their seventh decimal. */
function tenMillionths(degrees: string): number {
  const [whole = '0', fraction = ''] = degrees.split('.');
  return Number(whole) * 10_000_000 + Number(fraction.padEnd(7, '0').slice(0, 7));
}

function entered({ coordinates, ...row }: RiskRow | AreaRow, { accidentEdition }: RegisterRules) {
  const { name, location, dimensions, participants, mainRisk, possibleHazards, consequences } = row;
  const { controls, emergency, reporting, responsible, identifiedOn } = row;
  return {
    name,
    location,
    ...(coordinates !== undefined && {
      coordinates: { longitude: tenMillionths(coordinates.longitude), latitude: tenMillionths(coordinates.latitude) },
    }),
    ...(identifiedOn !== undefined && { identifiedOn }),
    ...(typeof row.majorInstallation === 'object' && { majorInstallation: row.majorInstallation }),
    dimensions,
    participants,
    mainRisk,
    accidents: row.accidents.map((code) => ({ edition: accidentEdition, code })),
    possibleHazards,
    consequences,
    controls,
    emergency,
    reporting,
    responsible,
  };
}

/** The API has no word for what is no major installation: it leaves it out, and a row that does leaves standing what stands. */
const withNone = (content: EnteredContent, { majorInstallation }: RiskRow | AreaRow): EnteredContent =>
  majorInstallation === 'none' ? { ...content, majorInstallation } : content;

/** The command of a risk point's row, or what is wrong with it. */
export function riskCommand(row: RiskRow, rules: RegisterRules): RowCommand | RowError[] {
  const { uscc, no, workshop, team, post, inherent, residual } = row;
  const read = riskContent.safeParse({
    ...entered(row, rules),
    ...(workshop !== undefined && { workshop }),
    ...(team !== undefined && { team }),
    ...(post !== undefined && { post }),
  });
  if (!read.success) return malformed('risks', row, read.error);
  const key = { owner: enterpriseOwner(uscc), no };
  return { type: 'AddRisk', key, content: withNone(read.data, row), assessments: { inherent, residual } };
}

/** The same of a public area's. */
export function areaCommand(row: AreaRow, rules: RegisterRules): RowCommand | RowError[] {
  const { owner, township, no, inherent, residual } = row;
  const read = areaContent.safeParse(entered(row, rules));
  if (!read.success) return malformed('areas', row, read.error);
  return {
    type: 'AddRisk',
    key: { owner, township, no },
    content: withNone(read.data, row),
    assessments: { inherent, residual },
  };
}

/** A list names the head and the safety manager; whoever else is to be reached, and an address that it leaves out, stay as they are. */
export function enteredEnterprise(row: EnterpriseRow, before: EnterpriseContent | undefined): EnteredEnterprise | RowError[] {
  const { name, township, industry, supervisor, contacts } = row;
  const address = row.address ?? before?.address;
  const others = (before?.contacts ?? []).filter(({ post }) => !contacts.some((contact) => contact.post === post));
  const read = enterpriseContent.safeParse({
    name,
    township,
    industry,
    ...(supervisor !== undefined && { supervisor: departmentOwner(supervisor) }),
    ...(address !== undefined && { address }),
    contacts: [...contacts, ...others],
  });
  return read.success ? read.data : malformed('enterprises', row, read.error);
}
