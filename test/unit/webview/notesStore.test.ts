import { describe, expect, it } from 'vitest';
import { type AnnotationRecord, type Annotations, idOf } from '../../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff } from '../../../src/core/annotation/diff';
import { UserError } from '../../../src/core/text/userError';
import type { GroupAnnotations } from '../../../src/protocol/notes';
import type { Host } from '../../../webview/rollouts/store/host';
import { NotesStore } from '../../../webview/rollouts/store/notes';

/** The host's side over memory: an edit waits until it is let through or refused. */
class Truth {
  records: Annotations = new Map();
  revision = 1;
  readonly waiting: { accept(): void; refuse(): void }[] = [];
  readonly said: unknown[] = [];
  readonly store = new NotesStore(this.host, (error) => this.said.push(error));

  private get host(): Host {
    const call = (method: string, params: { diff: AnnotationDiff }) =>
      method === 'notes/group' ? Promise.resolve(this.group()) : this.take(params.diff);
    return { call } as unknown as Host;
  }

  /** Somebody else's edit, or the host's word on one of ours. */
  tell(diff: AnnotationDiff): void {
    this.records = applyDiff(this.records, diff);
    this.revision++;
    const changed = diff.changes.map((change): [string, AnnotationRecord | null] => [
      idOf(change),
      this.records.get(idOf(change)) ?? null,
    ]);
    this.store.changed(this.revision, changed);
  }

  private group(): GroupAnnotations {
    const { revision } = this;
    const hints = { line: 1, step: 7 };
    const members = ['a', 'b'].map((key, row) => ({ row, key, hints, reward: row }));
    const records = [...this.records.values()];
    const told = { revision, author: 'Ada', afterFirstError: 'wrong' } as const;
    return { ...told, key: 'g', hints, members, size: 2, annotated: records.length, records };
  }

  private take(diff: AnnotationDiff): Promise<number> {
    return new Promise((resolve, reject) => {
      const accept = () => {
        this.tell(diff);
        resolve(this.revision);
      };
      this.waiting.push({ accept, refuse: () => reject(new UserError('The disk is full.')) });
    });
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const total = ({ store }: Truth, member = 0) => store.group(0)?.rollouts[member]?.total?.value;

async function opened(): Promise<Truth> {
  const truth = new Truth();
  await truth.store.load(0, 2);
  return truth;
}

const set = ({ store }: Truth, value: number, member = 0) =>
  store.edit(0, 'Set the reward', [{ member, path: ['total'], value }]);

describe('annotations in the editor', () => {
  it('show an edit at once, with its author, and keep it when the host confirms', async () => {
    const truth = await opened();
    const done = set(truth, 2);
    expect(truth.store.group(0)?.rollouts[0]?.total).toMatchObject({ value: 2, author: 'Ada' });
    truth.waiting[0]?.accept();
    await done;
    expect(total(truth)).toBe(2);
  });

  it('roll an edit back that the host refuses, say why, and leave later ones', async () => {
    const truth = await opened();
    const first = set(truth, 2);
    const second = set(truth, 5, 1);
    truth.waiting[0]?.refuse();
    await first;
    expect([total(truth), total(truth, 1)]).toEqual([undefined, 5]);
    expect(truth.said).toEqual([new UserError('The disk is full.')]);
    truth.waiting[1]?.accept();
    await second;
    expect(total(truth, 1)).toBe(5);
  });

  it('keep what is on its way above what another view did meanwhile', async () => {
    const truth = await opened();
    const done = set(truth, 2);
    const by = { author: 'Bo', time: '2026-01-02T03:04:05.000Z' };
    const theirs = { kind: 'rollout', hints: { line: 1, step: 7 }, before: null } as const;
    truth.tell({
      label: '',
      changes: [
        { ...theirs, key: 'a', path: ['total'], after: { ...by, value: 9 } },
        { ...theirs, key: 'b', path: ['total'], after: { ...by, value: 4 } },
      ],
    });
    expect([total(truth), total(truth, 1)]).toEqual([2, 4]);
    truth.waiting[0]?.accept();
    await done;
    expect(total(truth)).toBe(2);
  });

  it('are asked for again when too much changed to be told', async () => {
    const truth = await opened();
    truth.records = applyDiff(truth.records, {
      label: '',
      changes: [
        {
          kind: 'rollout',
          key: 'a',
          hints: { line: 1, step: 7 },
          path: ['total'],
          before: null,
          after: { author: 'Bo', time: '2026-01-02T03:04:05.000Z', value: 3 },
        },
      ],
    });
    truth.revision = 5;
    truth.store.changed(5, null);
    await settled();
    expect(total(truth)).toBe(3);
  });
});
