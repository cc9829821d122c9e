/**
 * A witness hands in the checkpoint that it cosigned. Nobody signs in: it is believed because it verifies under the key of a witness that the
 * deployment names, and only as a checkpoint that the county itself signed. Who is no witness reaches neither table nor archive.
 */
import { type CosignedHead, type Offered, openOffered, readOffered } from '../../shared/archive/cosigned.ts';
import { isSameHash } from '../../shared/archive/merkle.ts';
import { openTree } from '../../shared/archive/tree.ts';
import { MOST_NOTE } from '../../shared/archive/verify-log.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';
import { Fault } from '../../shared/draw/fault.ts';
import type { SealedLog } from './served-log.ts';

export interface Witnessed extends SealedLog {
  /** The verifier keys of the witnesses that the deployment names. */
  readonly witnesses: readonly string[];
  /** Keeps those that are newer than what is known of their witness. */
  keep(heads: readonly CosignedHead[]): Promise<void>;
}

export type Taken =
  | { readonly status: 200; readonly type: string; readonly body: Uint8Array; readonly seconds: 0 }
  | { readonly status: 400 | 403 | 409; readonly code: string; readonly title: string; readonly says: string };

const NO_NOTE: Taken = {
  ...{ status: 400, code: 'note-malformed', title: '不是检查点' },
  says: '请按原样提交联署后的检查点全文（C2SP tlog-checkpoint 签名文本，不超过 64 KB）。',
};
const NO_WITNESS: Taken = {
  ...{ status: 403, code: 'witness-unknown', title: '不是本县的见证方' },
  says: '检查点上没有本县登记的见证方的有效联署。请核对见证方的名称和密钥；尚未登记的，请将验证公钥交县安委办登记。',
};
const OTHER_LOG: Taken = {
  ...{ status: 409, code: 'checkpoint-unknown', title: '不是本县日志的检查点' },
  says: '该检查点不是本县封存日志签署过的。请保留原文，重新获取最新检查点（GET /public/log/checkpoint）核对；如签名属实而内容不符，请立即通知县安委办。',
};

const orRefused = <T>(read: () => T, as: (fault: Fault) => Taken): T | Taken => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return as(error);
    throw error;
  }
};

/** The keys that may have signed a checkpoint of a size. */
const keysAt = ({ keys, retired = [] }: SignedHead, size: number): readonly string[] => [
  ...keys.filter(({ since }) => since <= size).map(({ vkey }) => vkey),
  ...retired.filter(({ since, until }) => since <= size && size <= until).map(({ vkey }) => vkey),
];

const isTaken = (one: object): one is Taken => 'status' in one;

export const takeCosignature =
  ({ witnesses, signed, tile, keep }: Witnessed) =>
  async (bytes: Uint8Array): Promise<Taken> => {
    if (bytes.length > MOST_NOTE) return NO_NOTE;
    const offered = orRefused<Offered>(
      () => readOffered(bytes, witnesses),
      ({ code }) => (code === 'form' ? NO_NOTE : NO_WITNESS),
    );
    if (isTaken(offered)) return offered;
    const head = await signed();
    if (head === undefined) return OTHER_LOG;
    const known = [...head.keys, ...(head.retired ?? [])].map(({ vkey }) => vkey);
    const opened = orRefused<ReturnType<typeof openOffered>>(
      () => openOffered(offered, known),
      () => OTHER_LOG,
    );
    if (isTaken(opened)) return opened;
    const { checkpoint, heads } = opened;
    const { size, root, origin, signedBy } = checkpoint;
    if (size > head.size || !signedBy.some((vkey) => keysAt(head, size).includes(vkey))) return OTHER_LOG;
    // A key of the county signed it, so it can be another than the log's only where that was forked: the one fault that no one may overlook.
    if (!isSameHash(await openTree(size, tile).root(), root))
      throw new Error(`the log was forked: a witness has a signed checkpoint of ${size} that is not of its tiles`);
    await keep(heads);
    const body = Buffer.from(JSON.stringify({ origin, size, witnesses: heads.map(({ witness }) => witness) }));
    return { status: 200, type: 'application/json; charset=utf-8', body, seconds: 0 };
  };
