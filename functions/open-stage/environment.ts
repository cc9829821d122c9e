import * as z from 'zod';

/** Called by the workflow: writes the token, reads the case, may answer the token itself (states:SendTaskSuccess). */
export const environment = z.object({ HAZARDS_TABLE: z.string() });
