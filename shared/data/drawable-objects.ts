/** What can be drawn at all: enterprises by their overall grade, and risks of public areas that count. */
import { COLOURS, type Colour } from '../domain/colour.ts';
import type { PoolObject } from '../domain/draw-pool.ts';
import { AREA_INDUSTRY, areaObject, enterpriseObject } from '../domain/object.ts';
import { enterpriseOf, type Owner } from '../domain/owner.ts';
import { countingColour } from '../domain/register-risk.ts';
import type { RegisterStore } from './register-store.ts';

export type DrawableObject = Pick<PoolObject, 'object' | 'colour' | 'industry' | 'township' | 'owner' | 'supervisor'>;

/** Every object of these colours, as the register has it now. One that moves meanwhile may be met twice: the later counts. */
export async function* drawableObjects(
  register: Pick<RegisterStore, 'owner' | 'eachEnterpriseFrom' | 'eachRiskFrom'>,
  colours: readonly Colour[] = COLOURS,
): AsyncGenerator<DrawableObject> {
  for await (const { item } of register.eachEnterpriseFrom(colours)) {
    const { owner, enterprise, overall } = item;
    const uscc = enterpriseOf(owner);
    if (enterprise === undefined || uscc === undefined || overall.colour === 'NONE') continue;
    const { township, industry, supervisor } = enterprise;
    yield { object: enterpriseObject(uscc), colour: overall.colour, industry, township, owner, supervisor };
  }
  const signed = new Map<Owner, number>();
  for await (const { item: risk } of register.eachRiskFrom({ areas: 'all' }, colours)) {
    const { township, no, owner, department } = risk;
    if (township === undefined) continue;
    const signedVersion = signed.get(owner) ?? (await register.owner(owner))?.list.signedVersion ?? 0;
    signed.set(owner, signedVersion);
    const colour = countingColour(risk, { signedVersion });
    if (colour === undefined) continue;
    const object = areaObject(township, no);
    yield { object, colour, industry: AREA_INDUSTRY, township, owner, ...(department && { supervisor: department }) };
  }
}
