/**
 * Refusals as the API answers them (RFC 9457): a stable code for programs, a sentence in Chinese that a safety manager can act on.
 * What is thrown here is the caller's to mend; anything else that is thrown is our fault and becomes a 500.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  /** Further members of the problem document: the place in a file, the field, the version that stands. */
  readonly members: Readonly<Record<string, unknown>>;

  /** `code` is kebab-case and never changes its meaning; `detail` is Chinese. */
  constructor(status: number, code: string, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.members = members;
  }
}
