/** Maximum flow by shortest augmenting paths. A network only grows, so what was found before is never lost but by `undo`. */

export interface FlowNetwork {
  /** Adds a node and answers its number. */
  node(): number;
  /** Adds an edge and answers its number. */
  edge(from: number, to: number, capacity: number): number;
  widen(edge: number, by: number): void;
  flowIn(edge: number): number;
  /** Sends as much more as there is room for, up to `most`, and answers how much that was. */
  send(from: number, to: number, most: number): number;
  /** Nodes that more could still reach: the near side of a smallest cut, once nothing more can be sent. */
  reached(from: number): ReadonlySet<number>;
  /** Remembers the state; the answer goes back to it. */
  remember(): () => void;
}

export function flowNetwork(): FlowNetwork {
  const edgesOf: number[][] = [];
  /** An edge and the one back follow each other: what one has left, the other has carried. */
  const target: number[] = [];
  let left: number[] = [];
  const leftIn = (edge: number): number => left[edge] ?? 0;
  const change = (edge: number, by: number): void => {
    left[edge] = leftIn(edge) + by;
  };

  /** Breadth first; by which edge each node was reached. */
  const search = (from: number, to?: number): ReadonlyMap<number, number> => {
    const by = new Map<number, number>([[from, -1]]);
    const queue = [from];
    for (let at = 0; at < queue.length && (to === undefined || !by.has(to)); at++) {
      for (const edge of edgesOf[queue[at] ?? from] ?? []) {
        const next = target[edge];
        if (next === undefined || by.has(next) || leftIn(edge) === 0) continue;
        by.set(next, edge);
        queue.push(next);
      }
    }
    return by;
  };

  return {
    node: () => edgesOf.push([]) - 1,
    edge(from, to, capacity) {
      const edge = target.push(to, from) - 2;
      left.push(capacity, 0);
      edgesOf[from]?.push(edge);
      edgesOf[to]?.push(edge + 1);
      return edge;
    },
    widen: change,
    flowIn: (edge) => leftIn(edge + 1),
    send(from, to, most) {
      let sent = 0;
      while (sent < most) {
        const by = search(from, to);
        const path: number[] = [];
        for (let edge = by.get(to) ?? -1; edge >= 0; edge = by.get(target[edge ^ 1] ?? from) ?? -1) path.push(edge);
        if (path.length === 0) break;
        const more = path.reduce((least, edge) => Math.min(least, leftIn(edge)), most - sent);
        for (const edge of path) {
          change(edge, -more);
          change(edge ^ 1, more);
        }
        sent += more;
      }
      return sent;
    },
    reached: (from) => new Set(search(from).keys()),
    remember() {
      const before = [...left];
      return () => {
        left = before;
      };
    },
  };
}
