import { Supervisor } from '../../../src/supervise/supervisor';
import type { TestMethods } from './child';

/** A parent that tells its own parent the pid of its child, and then waits to be killed or told to leave. */
const [entry] = [process.env.SACCADE_TEST_ENTRY ?? ''];
const supervisor = new Supervisor<Record<never, never>, TestMethods>({
  role: 'test',
  entry,
  env: {},
  handlers: {},
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});
void supervisor.call('pid', {}).then((pid) => process.send?.({ pid }));
process.on('message', (message) => {
  if (message !== 'hang and leave') process.exit(0);
  supervisor.call('hang', {}).catch(() => undefined);
  // The request is on its way before this process is gone, so the child no longer listens when its parent leaves.
  setTimeout(() => process.exit(0), 200);
});
