/** Commitments of personal data: `sxj-pii-1:` and the hex of MAC(salt, path ‖ 0x00 ‖ value), the value as UTF-8 in NFC. */
import { COMMITMENT, type CommittedValue } from '../domain/commitment.ts';
import { bytesOf, hexOf, mac } from '../draw/bytes.ts';

/** What stands in an event in the place of a value. */
export const commitmentOf = ({ path, salt, value }: CommittedValue): string =>
  `${COMMITMENT}${hexOf(mac(bytesOf(salt), `${path}\u0000${value.normalize('NFC')}`))}`;
