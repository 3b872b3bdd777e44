import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Channel, type Envelope } from '../../../src/protocol/channel';
import { packNumbers, unpackNumbers } from '../../../src/protocol/wireNumbers';

const overJson = (value: unknown) => unpackNumbers(JSON.parse(JSON.stringify(packNumbers(value))));

describe('numbers that JSON cannot carry', () => {
  test('NaN and the infinities arrive as themselves, wherever they stand', () => {
    const message = { reward: Number.NaN, fields: [{ value: [Number.POSITIVE_INFINITY, 1] }, { value: -Infinity }] };
    expect(overJson(message)).toEqual(message);
  });

  test("data that uses the codec's own key is not mistaken for a number", () => {
    for (const value of [{ $number: 'NaN' }, { $number: { $number: Number.NaN } }, { $number: [1], other: Number.NaN }])
      expect(overJson(value)).toEqual(value);
  });

  test('a message without such numbers is not copied', () => {
    const message = { a: [1, { b: 'x' }] };
    expect(packNumbers(message)).toBe(message);
  });

  test('any JSON value with such numbers in it survives', () => {
    const number = fc.double().map((x) => (Object.is(x, -0) ? 0 : x));
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        number,
        fc.string(),
        fc.array(tie('node')),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('$number')), tie('node'), { noNullPrototype: true }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        expect(overJson(value)).toEqual(value);
      }),
    );
  });

  test('a channel unpacks an envelope that says it is packed', () => {
    let deliver: (message: unknown) => void = () => undefined;
    const channel = new Channel<Record<never, never>, Record<never, never>, Record<never, never>, { news: unknown }>(
      {
        post: () => undefined,
        onMessage: (listener) => {
          deliver = listener;
          return () => undefined;
        },
      },
      {},
    );
    const seen: unknown[] = [];
    channel.on('news', (payload) => seen.push(payload));
    const envelope: Envelope = { t: 'event', name: 'news', payload: { std: Number.NaN } };
    deliver(JSON.parse(JSON.stringify({ ...(packNumbers(envelope) as object), packed: true })));
    expect(seen).toEqual([{ std: Number.NaN }]);
  });
});
