import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/onnx/graph';

/** Sum of the first `times` numbers, by a loop whose body sees a value of the graph around it. */
function summing(): Uint8Array {
  const graph = new OnnxGraph();
  const times = graph.input('times', 'int64', []);
  const step = graph.input('step', 'float32', [1, 'any']);
  const body = new OnnxGraph('b');
  const round = body.input('round', 'int64', []);
  const going = body.input('going', 'bool', []);
  const sum = body.input('sum', 'float32', [1, 'any']);
  body.output(going, 'goes_on', 'bool', []);
  const scaled = body.op('Mul', [body.op('Cast', [round], { to: 1 }), step]);
  body.output(body.op('Add', [sum, scaled]), 'next', 'float32', [1, 'any']);
  const start = graph.op('Mul', [step, graph.float(0)]);
  graph.output(graph.op('Loop', [times, '', start], { body: { graph: body } }), 'sum', 'float32', [1, 'any']);
  return graph.finish();
}

it('writes models that ONNX Runtime reads: names, shapes, constants, attributes and subgraphs', async () => {
  const session = await InferenceSession.create(summing());
  expect(session.inputMetadata).toMatchObject([
    { name: 'times', type: 'int64', shape: [] },
    { name: 'step', type: 'float32', shape: [1, 'any'] },
  ]);
  const { sum } = await session.run({
    times: new Tensor('int64', BigInt64Array.of(5n), []),
    step: new Tensor('float32', Float32Array.of(1, 0.5), [1, 2]),
  });
  expect(sum?.data).toEqual(Float32Array.of(10, 5));
  await session.release();
});
