import type { Why } from '../domain/why.ts';

/** What every rule of a policy has beside its values. */
export interface Rule {
  readonly says: string;
  readonly basis: { readonly clause: string; readonly origin: 'policy' | 'ours' | 'overlay' };
}

/** Rules are told from their containers by their basis. */
export const isRule = (node: object): node is Rule => 'basis' in node && 'says' in node;

/** The same document, frozen for reading, with every rule knowing why it holds. */
export type Explained<T> = T extends readonly (infer Item)[]
  ? readonly Explained<Item>[]
  : T extends { basis: unknown }
    ? { readonly [K in keyof T]: K extends 'basis' ? T[K] : Explained<T[K]> } & { readonly why: Why }
    : T extends object
      ? { readonly [K in keyof T]: Explained<T[K]> }
      : T;
