/** The tables of a county in memory: cases, their tokens, the ledger with its stream. Each call is atomic and strongly consistent. */
import { type AskedAgain, type CommandRecord, CommandRepeated, StaleVersion } from '../../shared/data/commit.ts';
import type { HazardChange, HazardPage, HazardStore, StoredHazard } from '../../shared/data/hazard-store.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import type { StageToken, TokenStore } from '../../shared/data/token-store.ts';
import { hazardSubject, isOpen } from '../../shared/domain/hazard.ts';
import { attentionAt } from '../../shared/domain/hazard-deadlines.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import { type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import type { CarriedOut } from '../../shared/runtime/route.ts';

const orderOf = ({ generation, attempt, turn }: StageToken): number => (generation * 1000 + attempt) * 100_000 + turn;

const page = (items: readonly StoredHazard[], limit: number, cursor = '0'): HazardPage => {
  const from = Number(cursor);
  return { items: items.slice(from, from + limit), ...(from + limit < items.length && { cursor: String(from + limit) }) };
};

export class MemoryCounty {
  private readonly cases = new Map<HazardId, StoredHazard>();
  readonly commands = new Set<string>();
  private readonly answers = new Map<string, CommandRecord>();
  private readonly kept = new Map<HazardId, StageToken>();
  /** In the order of writing: what the stream delivers. */
  readonly ledger: LedgerEvent[] = [];

  readonly hazards: HazardStore = {
    load: async (_county, id) => this.cases.get(id),
    save: async ({ hazard, facts, ifVersion, occasion, command }: HazardChange) => {
      if (command !== undefined && this.commands.has(command.id)) throw new CommandRepeated(command.id);
      if ((this.cases.get(hazard.id)?.version ?? 0) !== ifVersion) throw new StaleVersion(hazard.id);
      if (command !== undefined) {
        this.commands.add(command.id);
        this.answers.set(`${command.by}#${command.id}`, command);
      }
      this.cases.set(hazard.id, { hazard, version: ifVersion + facts.length });
      this.ledger.push(...recordFacts(facts, hazardSubject(hazard.id), ifVersion, hazard.colour, occasion));
    },
    ofOwner: async (owner, limit, cursor) =>
      page(
        this.all().filter(({ hazard }) => hazard.owner === owner),
        limit,
        cursor,
      ),
    ofColour: async (_county, colour, limit, cursor) =>
      page(
        this.all().filter(({ hazard }) => hazard.colour === colour),
        limit,
        cursor,
      ),
    openByDeadline: async (_county, limit, cursor, until) =>
      page(
        this.all()
          .filter(({ hazard }) => isOpen(hazard) && (until === undefined || attentionAt(hazard) <= until))
          .sort((a, b) => attentionAt(a.hazard).localeCompare(attentionAt(b.hazard))),
        limit,
        cursor,
      ),
  };

  readonly tokens: TokenStore = {
    keep: async (token) => {
      const before = this.kept.get(token.hazard);
      if (before !== undefined && orderOf(before) > orderOf(token)) return 'superseded';
      this.kept.set(token.hazard, token);
      return 'kept';
    },
    of: async (hazard) => this.kept.get(hazard),
  };

  readonly events: Pick<LedgerStore, 'ofSubject'> = {
    ofSubject: async (subject, limit, cursor = '0') => {
      const from = Number(cursor);
      const events = this.ledger.filter((event) => event.subject === subject);
      return { events: events.slice(from, from + limit), ...(from + limit < events.length && { cursor: String(from + limit) }) };
    },
  };

  /** What was answered to a command that was carried out. */
  answerOf = async ({ caller, commandId, requestHash }: AskedAgain): Promise<CarriedOut | undefined> => {
    const before = this.answers.get(`${caller.id}#${commandId}`);
    return before && { isSame: before.requestHash === requestHash, answer: before.answer };
  };

  all(): StoredHazard[] {
    return [...this.cases.values()];
  }
}
