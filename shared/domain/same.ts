/** Whether two records say the same: by value, blind to the order of members and to members that are `undefined`. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = said(a);
  const right = said(b);
  return left.size === right.size && [...left].every(([name, value]) => right.has(name) && isSame(value, right.get(name)));
}

const said = (record: object): Map<string, unknown> => new Map(Object.entries(record).filter(([, value]) => value !== undefined));
