/** Tokens of waits: that of a later wait is never overwritten by an earlier, whose run was held up or whose place another has taken. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Unless a later one lies there. */
export const unlessLater = (order: string) => ({
  condition: {
    or: [
      { attr: 'order' as const, exists: false as const },
      { attr: 'order' as const, lte: order },
    ],
  },
});

/** Puts a token under that condition. */
export async function keptOrSuperseded(put: Promise<unknown>): Promise<'kept' | 'superseded'> {
  try {
    await put;
    return 'kept';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'superseded';
    throw error;
  }
}
