/** Why something is due, dated or graded so: the rule of the policy, its clause and the edition that was in force. */
export interface Why {
  readonly rule: string;
  readonly clause: string;
  readonly edition: string;
  readonly origin: 'policy' | 'ours' | 'overlay';
  readonly says: string;
}
