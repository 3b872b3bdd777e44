import { type AnnotationRecord, type Annotations, type GroupNotes, idOf } from '../../src/core/annotation/annotation';
import { type AnnotationDiff, applyDiff } from '../../src/core/annotation/diff';
import type { RolloutSummary } from '../../src/protocol/data';
import type { GroupAnnotations } from '../../src/protocol/notes';

/** The host's annotations, in memory. */
export class FakeNotes {
  private current: Annotations = new Map();
  private revision = 1;
  /** What was edited, in order. */
  readonly labels: string[] = [];

  constructor(
    private readonly afterFirstError: GroupAnnotations['afterFirstError'],
    masks: NonNullable<GroupNotes['masks']> = {},
  ) {
    if (Object.keys(masks).length === 0) return;
    const first = { kind: 'group', key: '7.jsonl\0group-0', hints: { line: 1, step: 1 }, notes: { masks } } as const;
    this.current = new Map([[idOf(first), first]]);
  }

  group(group: number, members: readonly RolloutSummary[]): GroupAnnotations {
    const key = `7.jsonl\0group-${group}`;
    const hints = { line: group * 8 + 1, step: 1 };
    const noted = members.map(({ row, reward }) => {
      return { row, reward, key: `7.jsonl\0row-${row}`, hints: { line: row + 1, step: 1 } };
    });
    const ids = [idOf({ kind: 'group', key }), ...noted.map((one) => idOf({ kind: 'rollout', key: one.key }))];
    const records = ids.flatMap((id) => this.current.get(id) ?? []);
    return {
      revision: this.revision,
      author: 'Ada',
      afterFirstError: this.afterFirstError,
      key,
      hints,
      members: noted,
      size: noted.length,
      annotated: this.current.size,
      records,
    };
  }

  edit(diff: AnnotationDiff): [string, AnnotationRecord | null][] {
    this.current = applyDiff(this.current, diff);
    this.labels.push(diff.label);
    this.revision++;
    return diff.changes.map((change) => [idOf(change), this.current.get(idOf(change)) ?? null]);
  }

  review(key: string): [string, AnnotationRecord | null][] {
    const after = { author: 'Bo', time: '2026-01-02T03:04:05.000Z', value: true };
    const hints = { line: 1, step: 1 };
    return this.edit({
      label: '',
      changes: [{ kind: 'rollout', key, hints, path: ['reviewed'], before: null, after }],
    });
  }

  /** Rows that somebody reviewed. */
  get reviewed(): ReadonlySet<number> {
    const records = [...this.current.values()].filter(
      (record) => record.kind === 'rollout' && record.notes.reviewed !== undefined,
    );
    return new Set(records.map(({ key }) => Number(key.split('-')[1])));
  }

  get now(): number {
    return this.revision;
  }
}
