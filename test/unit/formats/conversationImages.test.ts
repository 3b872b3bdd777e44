import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/core/text/jsonValue';
import { fromBase64 } from '../../../src/formats/base64';
import { embeddedImage, viewsOf } from '../../../src/formats/conversationImages';
import { readConversation } from '../../../src/formats/messages';

const bytes = (seed: number) => Uint8Array.from({ length: 90 }, (_, i) => (i * seed) & 255);
const uri = (seed: number) => `data:image/png;base64,${Buffer.from(bytes(seed)).toString('base64')}`;
const image = (url: string): JsonValue => ({ type: 'image_url', image_url: { url } });
const conversation = (content: readonly JsonValue[]): readonly JsonValue[] => [
  { role: 'user', content: [image(uri(3)), { type: 'text', text: 'Where?' }] },
  { role: 'assistant', content: 'Let me look.' },
  { role: 'tool', content: [...content] },
  { role: 'assistant', content: 'There.' },
];

describe('the images of a conversation', () => {
  it('are the one asked about, and those that came back with their turn', () => {
    const { images } = readConversation(conversation([image('crops/1.jpg'), image(uri(7))]));
    expect(viewsOf(images)).toEqual({
      imageName: null,
      imageView: { kind: 'embedded', index: 0 },
      observations: [
        { turn: 1, name: 'crops/1.jpg', view: { kind: 'file', path: 'crops/1.jpg' } },
        { turn: 1, name: 'image 3', view: { kind: 'embedded', index: 1 } },
      ],
    });
    expect(embeddedImage(images, 0)).toEqual(bytes(3));
    expect(embeddedImage(images, 1)).toEqual(bytes(7));
    expect(embeddedImage(images, 2)).toBeNull();
  });

  it('whose bytes were taken out say so', () => {
    const { images } = readConversation([{ role: 'user', content: [image('data:image/jpeg;base64,')] }]);
    expect(viewsOf(images)).toEqual({ imageName: null, imageTrouble: expect.stringContaining('taken out') });
  });
});

describe('base64', () => {
  it('is read as Node writes it, in both alphabets and over several lines', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const text = Buffer.from(data).toString('base64');
        expect(fromBase64(text)).toEqual(data);
        expect(fromBase64(text.replace(/.{5}/g, '$&\r\n'))).toEqual(data);
        expect(fromBase64(Buffer.from(data).toString('base64url'))).toEqual(data);
      }),
    );
  });

  it('is none where anything else stands in it', () => {
    expect(fromBase64('QUJD*')).toBeNull();
    expect(fromBase64('QUJDé')).toBeNull();
  });
});
