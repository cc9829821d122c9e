import { Construct } from 'constructs';
import { Attention } from '../../constructs/attention.ts';
import type { Shared } from './shared.ts';

/** Draws and the inspections that follow from them. */
export class Inspections extends Construct {
  /** What nothing but a person can answer. */
  readonly attentions: readonly Attention[];

  constructor(scope: Construct, id: string, { deployment: { isTlsOnly }, bus, alarms }: Shared) {
    super(scope, id);
    const watched = { bus, alarms, isTlsOnly };
    this.attentions = [
      new Attention(this, 'DrawsRefused', {
        ...watched,
        to: ['DrawRefused'],
        says: 'What was to be drawn cannot be announced.',
        answeredBy: 'A draw was refused',
      }),
      new Attention(this, 'RandomnessMissing', {
        ...watched,
        to: ['RandomnessMissing'],
        says: 'The instant of a draw has passed and its public randomness is not there.',
        answeredBy: 'Randomness is missing',
      }),
      new Attention(this, 'DrawsNotRevealed', {
        ...watched,
        to: ['DrawNotRevealed'],
        says: 'A draw was not revealed by the instant that was announced.',
        answeredBy: 'A draw was not revealed in time',
      }),
    ];
  }
}
