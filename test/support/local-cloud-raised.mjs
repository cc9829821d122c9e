/**
 * What the set-up hands to the tear-down, which run in the same process.
 * @type {{ cloud?: { stop(): Promise<void> } }}
 */
export const raised = {};
