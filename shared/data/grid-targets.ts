/**
 * What the grid has to cover, read from where it stands: the red partition for major risks, the markers for major installations of
 * other colours, the index of open cases for major hazards. Nothing else of the register is read.
 */
import { creditCode } from '../domain/credit-code.ts';
import { AREA_LINE } from '../domain/grid.ts';
import { type GridKind, type GridTarget, type GridTargetId, hazardTarget, riskTarget } from '../domain/grid-target.ts';
import { type Hazard, isOpen, levelOf, objectOfHazard } from '../domain/hazard.ts';
import { partiesOfEnterprise } from '../domain/hazard-parties.ts';
import { type CountyCode, hazardId, riskNo, townshipCode } from '../domain/ids.ts';
import { partsOfObject } from '../domain/object.ts';
import { enterpriseOwner, isDepartment, type Owner, townshipOwner } from '../domain/owner.ts';
import type { RegisterOwner } from '../domain/register-owner.ts';
import { countingColour, isMajorInstallation, type RiskKey, type RiskPoint } from '../domain/register-risk.ts';
import { type Cursor, CursorMalformed } from './cursor.ts';
import type { HazardStore } from './hazard-store.ts';
import type { RegisterStore } from './register-store.ts';
import type { Listed } from './standings.ts';

export interface GridSources {
  readonly county: CountyCode;
  readonly register: Pick<RegisterStore, 'owner' | 'risk' | 'eachRiskFrom'>;
  readonly installations: (cursor?: Cursor) => AsyncIterable<Listed<RiskKey>>;
  readonly hazards: Pick<HazardStore, 'load' | 'openByDeadline'>;
  /** Kinds that the policy wants covered. */
  readonly covers: readonly GridKind[];
}

type OwnerOf = (owner: Owner) => Promise<RegisterOwner | undefined>;

/** Each owner is looked up once. */
function ownersOnce({ register }: GridSources): OwnerOf {
  const known = new Map<Owner, Promise<RegisterOwner | undefined>>();
  return (owner) => {
    const found = known.get(owner) ?? register.owner(owner);
    known.set(owner, found);
    return found;
  };
}

/** Where a risk usually belongs. A department's own area is in its own care, where no other is in charge of the block. */
const usualOf = ({ owner, township, department }: RiskPoint, record: RegisterOwner | undefined) =>
  township === undefined
    ? {
        township: record?.enterprise?.township,
        department: record?.enterprise?.supervisor,
        industry: record?.enterprise?.industry ?? AREA_LINE,
      }
    : { township, department: department ?? (isDepartment(owner) ? owner : undefined), industry: AREA_LINE };

/** A risk as the grid has to cover it; `undefined` where it need not. */
async function ofRisk({ covers }: GridSources, ownerOf: OwnerOf, risk: RiskPoint): Promise<GridTarget | undefined> {
  const record = await ownerOf(risk.owner);
  const isRed = record !== undefined && countingColour(risk, record.list) === 'RED';
  const kinds = covers.filter(
    (kind) => (kind === 'major-risk' && isRed) || (kind === 'major-installation' && isMajorInstallation(risk)),
  );
  if (kinds.length === 0) return undefined;
  return { id: riskTarget(risk), kinds, name: risk.content.name, owner: risk.owner, ...usualOf(risk, record) };
}

/** The same of a case, wherever its enterprise or area belongs today. */
async function ofHazard({ covers, register }: GridSources, ownerOf: OwnerOf, hazard: Hazard): Promise<GridTarget | undefined> {
  if (!covers.includes('major-hazard') || !isOpen(hazard) || levelOf(hazard) !== 'major') return undefined;
  const { id, owner, finding } = hazard;
  const target = { id: hazardTarget(id), kinds: ['major-hazard'], name: finding.place, owner } as const;
  const parts = partsOfObject(objectOfHazard(hazard));
  if (parts.of === 'enterprise') {
    const record = await ownerOf(owner);
    const { township, supervisor } = record?.enterprise ? partiesOfEnterprise(record) : hazard;
    return { ...target, township, department: supervisor, industry: record?.enterprise?.industry ?? AREA_LINE };
  }
  const risk = await register.risk({ owner, no: parts.no, township: parts.township });
  const usual = risk && usualOf(risk, undefined);
  return { ...target, township: parts.township, department: usual?.department ?? hazard.supervisor, industry: AREA_LINE };
}

const SOURCES = ['RISK', 'AREA', 'MAJOR', 'HAZ'] as const;
type Source = (typeof SOURCES)[number];
const NAMES: readonly string[] = SOURCES;

const OPEN_AT_A_TIME = 100;

/** Open cases, the most urgent first. The cursor names a page and how many of it are behind. */
async function* openCases({ county, hazards }: GridSources, cursor: string | undefined): AsyncGenerator<Listed<Hazard>> {
  const [, skipped = '0', start = ''] = /^(\d{1,3})~(.*)$/.exec(cursor ?? '0~') ?? [];
  let page: Cursor | undefined = start === '' ? undefined : start;
  let skip = Number(skipped);
  do {
    const { items, cursor: next } = await hazards.openByDeadline(county, OPEN_AT_A_TIME, page);
    for (const [index, { hazard }] of items.entries()) {
      if (index >= skip) yield { item: hazard, cursor: `${index + 1}~${page ?? ''}` };
    }
    skip = 0;
    page = next;
  } while (page !== undefined);
}

/** Everything that the grid has to cover, from behind a cursor on. */
export async function* eachGridTarget(sources: GridSources, cursor?: Cursor): AsyncGenerator<Listed<GridTarget | undefined>> {
  const { register, installations, covers } = sources;
  const ownerOf = ownersOnce(sources);
  const [, from, inner] = cursor === undefined ? [] : (/^([A-Z]+)\.(.*)$/.exec(cursor) ?? ['', 'NONE']);
  const first = from === undefined ? 0 : NAMES.indexOf(from);
  if (first < 0) throw new CursorMalformed('this cursor is of another list');

  const isRedToo = (target: GridTarget): boolean => target.kinds.includes('major-risk');
  async function* read(source: Source, after: string | undefined): AsyncGenerator<Listed<GridTarget | undefined>> {
    switch (source) {
      case 'RISK':
      case 'AREA': {
        if (!covers.includes('major-risk')) return;
        const scope = source === 'RISK' ? ({ enterprises: 'all' } as const) : ({ areas: 'all' } as const);
        for await (const { item, cursor: at } of register.eachRiskFrom(scope, ['RED'], after)) {
          const target = await ofRisk(sources, ownerOf, item);
          yield { item: target && isRedToo(target) ? target : undefined, cursor: at };
        }
        return;
      }
      case 'MAJOR':
        for await (const { item: key, cursor: at } of installations(after)) {
          const risk = await register.risk(key);
          const target = risk && (await ofRisk(sources, ownerOf, risk));
          yield { item: target && !isRedToo(target) ? target : undefined, cursor: at };
        }
        return;
      case 'HAZ':
        for await (const { item, cursor: at } of openCases(sources, after)) {
          yield { item: await ofHazard(sources, ownerOf, item), cursor: at };
        }
    }
  }

  for (const [index, source] of SOURCES.slice(first).entries()) {
    for await (const { item, cursor: at } of read(source, index === 0 && inner ? inner : undefined)) {
      yield { item, cursor: `${source}.${at}` };
    }
  }
}

/** One target by its name; `undefined` where the grid need not cover it, or not any more. */
export async function gridTargetOf(sources: GridSources, id: GridTargetId): Promise<GridTarget | undefined> {
  const { register, hazards, county } = sources;
  const ownerOf = ownersOnce(sources);
  const [kind, first = '', no = ''] = id.split('#');
  if (kind === 'HAZ') {
    const stored = await hazards.load(county, hazardId(first));
    return stored && ofHazard(sources, ownerOf, stored.hazard);
  }
  const key: RiskKey =
    kind === 'RISK'
      ? { owner: enterpriseOwner(creditCode(first)), no: riskNo(no) }
      : { owner: townshipOwner(townshipCode(first)), township: townshipCode(first), no: riskNo(no) };
  const risk = await register.risk(key);
  return risk && ofRisk(sources, ownerOf, risk);
}
