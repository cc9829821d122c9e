/** What one county's installation differs in from another's: data, and nothing else. Only secrets stand elsewhere. */
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';

/**
 * What signs the county's log: a key that KMS keeps and nobody can take out, or one that somebody provided, as PEM (Ed25519) in Secrets
 * Manager, where a region's KMS has none. Further `generation`s (2, 3 …) are keys of their own.
 */
export type SealingSigner =
  | { readonly signer: 'kms'; readonly generation: number }
  | { readonly signer: 'provided'; readonly secret: string };

interface Everywhere {
  /** Names the stage: the county's code, with a suffix where the county has more than one installation. */
  readonly id: string;
  /** GB/T 2260. */
  readonly county: string;
  readonly name: string;
  /** A simulated county believes the instant that a request or an invocation claims, and no clock runs it. Never a real county. */
  readonly simulation: boolean;
  /** Whether its tables and stacks refuse to be deleted, and outlive their stack. */
  readonly isProtected: boolean;
  /** Whether buckets and queues turn away who does not use TLS. Not on a local cloud, which has no certificate; in a real county always. */
  readonly isTlsOnly: boolean;
  /**
   * Whether messages may go to the machine itself (`http://127.0.0.1`), which holds the receivers of a local cloud. Synthesis refuses it
   * wherever anything is real.
   */
  readonly receivers: { readonly allowsLoopback: boolean };
  /** Where the links of messages open, before their path; without, at the page that the API itself has for them. */
  readonly app?: string;
  /** The account and region; without, those of whoever deploys. */
  readonly account?: string;
  readonly region?: string;
  /** Whose tokens are believed. Any OIDC issuer: the county's own sign-in, WeCom, DingTalk. */
  readonly signIn: { readonly issuer: string; readonly audience: string; readonly jwksUri: string };
  readonly retention: {
    /** Of every log. MLPS 2.0 asks for six months at least. */
    readonly logs: RetentionDays;
    /** Of risk lists that were sent in; what they brought stands in the register and the ledger. */
    readonly importedFilesDays: number;
  };
  /** Whose public values key the county's draws, in order; at least 24 bits together, or synthesis fails. */
  readonly randomness: readonly RandomnessSource[];
  /** All of them sign. A new key is added to the old one, which is taken away some weeks later: infra/RUNBOOK.md says how. */
  readonly sealing: readonly [SealingSigner, ...SealingSigner[]];
  /** Names the county's log before its code, for ever: never changed once something was sealed. Without, the host of the API. */
  readonly logHost?: string;
  /**
   * Who stamps the checkpoint of each complete bundle with its time (RFC 3161, by https). Its certificate is told to auditors apart from the
   * bundles. Without, bundles are not stamped.
   */
  readonly timestamping?: { readonly name: string; readonly url: string };
  /** The verifier keys of those whose cosignatures of the log's checkpoints are taken in (`npm run witness`). None, unless some are named. */
  readonly witnesses?: readonly string[];
  /** Who hears of an alarm first; further subscriptions can be made on the topic. */
  readonly alarmMail?: string;
}

/** A service that a partition lacks cannot be asked for there: `aws-cn` has no X-Ray for Lambda. */
export type Deployment = Everywhere &
  (
    | { readonly partition: 'aws'; readonly features: { readonly tracing: boolean } }
    | { readonly partition: 'aws-cn'; readonly features: { readonly tracing: false } }
  );

/** The name of a county's stage; its stacks are `County533102-State`, `County533102-Service`, `County533102-Messaging` and `County533102-Archive`. */
export const stageName = ({ id }: Pick<Deployment, 'id'>): string => `County${id}`;
