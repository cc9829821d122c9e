/**
 * A bucket in memory as the service has it: conditional puts, versions, parts of large files, and a lock that lets nobody delete a version.
 * `send` takes the place of a client's, so the real code of the archive's files runs over it.
 */
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type ArchiveFiles, s3ArchiveFiles } from '../../shared/data/archive-files.ts';

const refused = (name: string, httpStatusCode: number): S3ServiceException =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });

/** Streams hand over so much at a time. */
const PIECE = 64 * 1024;
function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
}

export class MemoryArchive {
  /** All versions of each key, the newest last; `undefined` is a mark that it was deleted. */
  private readonly stored = new Map<string, (Buffer | undefined)[]>();
  private readonly uploads = new Map<string, Map<number, Buffer>>();
  private uploaded = 0;
  private readonly isLocked: boolean;
  /** Requests that write. */
  puts = 0;
  /** The next so many conditional puts meet another that is under way. */
  conflicts = 0;
  readonly client: S3Client;
  readonly files: ArchiveFiles;

  constructor({ isLocked = true, bucket = 'archive' }: { readonly isLocked?: boolean; readonly bucket?: string } = {}) {
    this.isLocked = isLocked;
    this.client = Object.assign(new S3Client({ region: 'local' }), { send: this.send });
    this.files = s3ArchiveFiles(bucket, '', this.client);
  }

  /** Takes the place of every client that is made in this process. */
  readonly asEveryClient = (): void => {
    Object.assign(S3Client.prototype, { send: this.send });
  };

  /** What lies there now. */
  at(path: string): Buffer | undefined {
    return this.stored.get(path)?.at(-1);
  }

  versions(path: string): readonly Buffer[] {
    return (this.stored.get(path) ?? []).filter((version) => version !== undefined);
  }

  /** Everything that lies there, in the order of the paths. */
  all(): ReadonlyMap<string, Buffer> {
    const lying = [...this.stored].flatMap(([path, versions]) => {
      const newest = versions.at(-1);
      return newest === undefined ? [] : [[path, newest] as const];
    });
    return new Map(lying.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Whoever gets around every rule puts other bytes there. */
  forge(path: string, bytes: Uint8Array | undefined): void {
    this.stored.set(path, bytes === undefined ? [undefined] : [Buffer.from(bytes)]);
  }

  /** The same files once more, of their own from then on. */
  copy(): MemoryArchive {
    const copied = new MemoryArchive({ isLocked: this.isLocked });
    for (const [path, versions] of this.stored) copied.stored.set(path, [...versions]);
    return copied;
  }

  private put(path: string, bytes: Buffer, ifNoneMatch: string | undefined): object {
    this.puts++;
    if (ifNoneMatch === '*' && this.conflicts > 0) {
      this.conflicts--;
      throw refused('ConditionalRequestConflict', 409);
    }
    if (ifNoneMatch === '*' && this.at(path) !== undefined) throw refused('PreconditionFailed', 412);
    this.stored.set(path, [...(this.stored.get(path) ?? []), bytes]);
    return {};
  }

  private remove(path: string, versionId: string | undefined): object {
    if (versionId === undefined) {
      this.stored.set(path, [...(this.stored.get(path) ?? []), undefined]);
      return { DeleteMarker: true };
    }
    if (this.isLocked) throw refused('AccessDenied', 403);
    const versions = this.stored.get(path) ?? [];
    this.stored.set(path, versions.toSpliced(Number(versionId), 1));
    return {};
  }

  private partsOf(uploadId: string | undefined): Map<number, Buffer> {
    const parts = this.uploads.get(uploadId ?? '');
    if (parts === undefined) throw refused('NoSuchUpload', 404);
    return parts;
  }

  private readonly send = async (command: unknown): Promise<object> => {
    await Promise.resolve();
    if (command instanceof PutObjectCommand) {
      const { Key = '', Body, IfNoneMatch } = command.input;
      return this.put(Key, Buffer.from(Body as Uint8Array | string), IfNoneMatch);
    }
    if (command instanceof GetObjectCommand || command instanceof HeadObjectCommand) {
      const bytes = this.at(command.input.Key ?? '');
      if (bytes === undefined) throw refused(command instanceof GetObjectCommand ? 'NoSuchKey' : 'NotFound', 404);
      const head = { ContentLength: bytes.length };
      return command instanceof HeadObjectCommand
        ? head
        : { ...head, Body: Readable.from(piecesOf(bytes), { objectMode: false }) };
    }
    if (command instanceof DeleteObjectCommand) return this.remove(command.input.Key ?? '', command.input.VersionId);
    if (command instanceof CreateMultipartUploadCommand) {
      const UploadId = String(++this.uploaded);
      this.uploads.set(UploadId, new Map());
      return { UploadId };
    }
    if (command instanceof UploadPartCommand) {
      const { UploadId, PartNumber = 0, Body } = command.input;
      this.partsOf(UploadId).set(PartNumber, Buffer.from(Body as Uint8Array));
      return { ETag: `"${PartNumber}"` };
    }
    if (command instanceof CompleteMultipartUploadCommand) {
      const { Key = '', UploadId, IfNoneMatch } = command.input;
      const parts = [...this.partsOf(UploadId)].sort(([a], [b]) => a - b).map(([, part]) => part);
      const done = this.put(Key, Buffer.concat(parts), IfNoneMatch);
      this.uploads.delete(UploadId ?? '');
      return done;
    }
    if (command instanceof AbortMultipartUploadCommand) {
      this.uploads.delete(command.input.UploadId ?? '');
      return {};
    }
    throw new Error(`the bucket in memory does not know ${String(command)}`);
  };

  /** Uploads that were begun and neither completed nor given up: they are paid for. */
  get unfinished(): number {
    return this.uploads.size;
  }
}
