import { UserError } from '../core/text/userError';
import { ChannelError } from '../protocol/channel';

/** A child's `UserError` becomes one again on this side. */
export async function mended<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (ChannelError.is(error) && error.code === 'user') throw new UserError(error.message);
    throw error;
  }
}
