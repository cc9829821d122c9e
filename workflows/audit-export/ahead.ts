/**
 * Does the work of many items side by side, so many at a time, and answers in their order. So a large bundle is written while memory holds what
 * is under way alone.
 */
export async function* ahead<Item, Answer>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const underWay: Promise<Answer>[] = [];
  for await (const item of items) {
    const answer = work(item);
    answer.catch(() => undefined); // told when its turn comes
    underWay.push(answer);
    const [first] = underWay;
    if (first === undefined || underWay.length < most) continue;
    underWay.shift();
    yield await first;
  }
  for (const answer of underWay) yield await answer;
}

/** The same where nobody asks for the answers. */
export async function allOf<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for await (const _ of ahead(items, most, work));
}
