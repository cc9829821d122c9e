/** The four grades of risk, highest first: 重大 red, 较大 orange, 一般 yellow, 低 blue. Policy 一(三). */
export const COLOURS = ['RED', 'ORANGE', 'YELLOW', 'BLUE'] as const;
export type Colour = (typeof COLOURS)[number];

/** Where a thing stands that has no grade yet. It is never due and never drawn, but it is counted. */
export type Standing = Colour | 'NONE';
export const STANDINGS = [...COLOURS, 'NONE'] as const;

/** Whether `a` is a higher risk than `b`. */
export const isGraver = (a: Standing, b: Standing): boolean => STANDINGS.indexOf(a) < STANDINGS.indexOf(b);

/** The gravest of several, `NONE` where there are none. */
export const gravest = (colours: Iterable<Standing>): Standing => {
  let worst: Standing = 'NONE';
  for (const colour of colours) if (isGraver(colour, worst)) worst = colour;
  return worst;
};
