import * as z from 'zod';
import type { Route } from '../../shared/runtime/route.ts';

/** What a value of a schema may be, as JSON Schema says it. */
interface Described {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
  readonly oneOf?: readonly Described[];
  readonly allOf?: readonly Described[];
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly items?: Described;
  readonly prefixItems?: readonly Described[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Values for the members of these names, wherever a request has them; a member that is optional is sent too. */
export type Given = Readonly<Record<string, unknown>>;

const isLike = (text: string, { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY, allOf = [] }: Described): boolean =>
  (pattern === undefined || new RegExp(pattern, 'u').test(text)) &&
  minLength <= text.length &&
  text.length <= maxLength &&
  allOf.every((part) => isLike(text, part));

function textOf(described: Described, texts: readonly string[]): string {
  if (described.format === 'date') return '2026-03-02';
  if (described.format === 'date-time') return '2026-03-02T08:00:00+08:00';
  const found = texts.find((text) => isLike(text, described));
  if (found === undefined) throw new Error(`none of the texts of the samples fits ${JSON.stringify(described)}: add one`);
  return found;
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

function sampleOf(described: Described, given: Given, texts: readonly string[]): unknown {
  const { type, properties = {}, required = [], items, minItems = 0, minimum, exclusiveMinimum } = described;
  if ('const' in described) return described.const;
  if (described.enum) return described.enum[0];
  const [one] = described.anyOf ?? described.oneOf ?? [];
  if (one) return sampleOf(one, given, texts);
  switch (type) {
    case 'object': {
      const isGiven = (name: string) =>
        name in given && isNumber(given[name]) === /^(?:integer|number)$/.test(properties[name]?.type ?? '');
      const names = Object.keys(properties).filter((name) => required.includes(name) || isGiven(name));
      return Object.fromEntries(
        names.map((name) => [name, isGiven(name) ? given[name] : sampleOf(properties[name] ?? {}, given, texts)]),
      );
    }
    case 'array':
      return Array.from({ length: minItems }, () => sampleOf(items ?? {}, given, texts));
    case 'integer':
    case 'number':
      return minimum ?? (exclusiveMinimum ?? 0) + 1;
    case 'boolean':
      return true;
    case 'string':
      return textOf(described, texts);
    default:
      return texts[0];
  }
}

const described = new WeakMap<z.ZodType, Described>();
/** Said once for each schema: routes are tried a thousand times. */
function descriptionOf(schema: z.ZodType): Described {
  const known = described.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described);
  described.set(schema, known);
  return known;
}

const sample = (schema: z.ZodType | undefined, given: Given, texts: readonly string[]): unknown =>
  schema && sampleOf(descriptionOf(schema), given, texts);

const asTexts = (values: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]));

/** A request that the route reads: the members that it asks for, from `given` by name or else the first of `texts` that fits. */
export function sampleRequest({ params, query, body }: Route, given: Given, texts: readonly string[]) {
  return {
    ...(params && { params: asTexts(sample(params, given, texts)) }),
    ...(query && { query: asTexts(sample(query, given, texts)) }),
    ...(body && { body: sample(body, given, texts) }),
  };
}
