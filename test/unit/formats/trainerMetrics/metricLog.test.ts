import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWellKnown, metricRank } from '../../../../src/core/metric/wellKnownMetrics';
import { readMetricLines, readTrainerState } from '../../../../src/formats/trainerMetrics/metricLog';

const points = (log: ReturnType<typeof readTrainerState> | null, name: string) => {
  const series = log?.series.find((one) => one.name === name);
  return series === undefined ? null : [...series.steps].map((step, i) => [step, series.values[i]]);
};

describe('a trainer’s own metrics', () => {
  test('of Hugging Face’s Trainer: flat records of log_history, the summary of the end among them', () => {
    // transformers, TrainerState.save_to_json: json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True) + "\n"
    const state = `{
      "best_metric": null, "epoch": 0.02, "global_step": 20, "is_world_process_zero": true,
      "log_history": [
        { "completion_length": 211.5, "epoch": 0.01, "grad_norm": 0.41, "kl": 0.0004, "learning_rate": 9.9e-07,
          "loss": NaN, "reward": 0.53, "reward_std": 0.2, "rewards/accuracy_reward": 0.3, "step": 10 },
        { "completion_length": 198.0, "epoch": 0.02, "kl": 0.0011, "reward": 0.61, "step": 20 },
        { "epoch": 0.02, "step": 20, "total_flos": 0.0, "train_loss": 0.1, "train_runtime": 31.2 }
      ],
      "max_steps": 20 }\n`;
    const log = readTrainerState('trainer_state.json', state);
    expect(log.writer).toBe('Hugging Face Trainer');
    expect(points(log, 'kl')).toEqual([
      [10, 0.0004],
      [20, 0.0011],
    ]);
    expect(points(log, 'loss')).toEqual([[10, Number.NaN]]);
    expect(points(log, 'rewards/accuracy_reward')).toEqual([[10, 0.3]]);
    expect(points(log, 'epoch')).toBeNull();
  });

  test('of verl: FileLogger writes {"step", "data"} with flat names', () => {
    // verl/utils/tracking.py, FileLogger.log: orjson.dumps({"step": step, "data": data}) + b"\n"
    const log = readMetricLines(
      'p/e.jsonl',
      '{"step":1,"data":{"actor/entropy":0.7,"actor/grad_norm":1.5,"training/epoch":0}}\n' +
        '{"step":2,"data":{"actor/entropy":0.6,"actor/grad_norm":null}}\n',
    );
    expect(log?.writer).toBe('verl file logger');
    expect(points(log, 'actor/entropy')).toEqual([
      [1, 0.7],
      [2, 0.6],
    ]);
    expect(points(log, 'actor/grad_norm')).toEqual([[1, 1.5]]);
  });

  test('of EasyR1: names split at “/” into levels come together again', () => {
    const log = readMetricLines(
      'experiment_log.jsonl',
      '{"step": 0, "val": {"reward_score": 0.31}}\n' +
        '{"step": 1, "reward": {"overall": 0.42}, "critic": {"score": {"mean": 0.42, "max": NaN}}}\n',
    );
    expect(log?.writer).toBe('EasyR1 experiment log');
    expect(points(log, 'critic/score/mean')).toEqual([[1, 0.42]]);
    expect(points(log, 'critic/score/max')).toEqual([[1, Number.NaN]]);
    expect(points(log, 'val/reward_score')).toEqual([[0, 0.31]]);
  });

  test('of ms-swift: the step stands in “global_step/max_steps”, numbers may be texts', () => {
    const log = readMetricLines(
      'logging.jsonl',
      '{"loss": 0.12, "kl": "0.0031", "global_step/max_steps": "5/500", "percentage": "1.00%", "elapsed_time": "1m 2s"}\n',
    );
    expect(log?.writer).toBe('ms-swift logging.jsonl');
    expect(log?.series.map(({ name }) => name)).toEqual(['loss', 'kl']);
    expect(points(log, 'kl')).toEqual([[5, 0.0031]]);
  });

  test('a resumed run’s later value of a step counts, a torn last line is passed over, a torn inner one is told', () => {
    const log = readMetricLines(
      'experiment_log.jsonl',
      '{"step": 1, "kl": 1}\n{"step": 2, "kl": 2}\n{"step": 2, "k\n{"step": 2, "kl": 5}\n{"step": 3, "kl": 9',
    );
    expect(points(log, 'kl')).toEqual([
      [1, 1],
      [2, 5],
    ]);
    expect(log?.problems).toMatchObject([{ file: 'experiment_log.jsonl', line: 3 }]);
  });

  test('what holds no steps is no metrics log; what only looks like a state is told', () => {
    expect(readMetricLines('a.jsonl', '{"input": "x", "output": "y"}\n')).toBeNull();
    expect(readTrainerState('trainer_state.json', '{"log_history": 4}').problems).toHaveLength(1);
    expect(readTrainerState('trainer_state.json', '{"log_hist').problems).toHaveLength(1);
  });

  test('names of objects’ own parts are names like any other', () => {
    const log = readMetricLines('a.jsonl', '{"step": 1, "__proto__": 2, "constructor": {"prototype": 3}}\n');
    expect(log?.series.map(({ name }) => name)).toEqual(['__proto__', 'constructor/prototype']);
    expect(({} as Record<string, unknown>).prototype).toBeUndefined();
  });

  test('any text is read without harm', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((value) => `{"step": 1, "data": ${value}}`),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const log = readMetricLines('a.jsonl', lines.join('\n'));
        readTrainerState('trainer_state.json', lines.join('\n'));
        for (const { steps, values } of log?.series ?? []) {
          expect(values.length).toBe(steps.length);
          expect([...steps]).toEqual([...new Set(steps)].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('what people look at first is offered first', () => {
    const names = ['timing_s/gen', 'actor/grad_norm', 'kl', 'critic/rewards/mean', 'completions/mean_length'];
    expect(names.toSorted((a, b) => metricRank(a) - metricRank(b))).toEqual([
      'critic/rewards/mean',
      'kl',
      'actor/grad_norm',
      'completions/mean_length',
      'timing_s/gen',
    ]);
    expect(names.filter((name) => !isWellKnown(name))).toEqual(['timing_s/gen']);
  });
});
