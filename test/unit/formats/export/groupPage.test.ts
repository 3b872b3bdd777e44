import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../src/core/trajectory/parseResponse';
import type { Rollout } from '../../../../src/core/trajectory/rollout';
import { type GroupPage, groupPage } from '../../../../src/formats/export/groupPage';

function rollout(response: string, more: Partial<Rollout> = {}): Rollout {
  return {
    ...parseResponse(response, { dialect: 'active-o3' }),
    kind: 'rollout',
    step: 3,
    uid: null,
    dataSource: null,
    prompt: 'Where is the dog?',
    response,
    groundTruth: null,
    truthBoxes: [],
    reward: 1,
    fields: [{ name: 'iou', value: 0.5 }],
    imageName: null,
    loggedImageSize: null,
    inputSize: null,
    statedFrames: {},
    taskBoxes: [],
    cropOutputs: [],
    options: [],
    row: 0,
    file: '3.jsonl',
    line: 1,
    element: null,
    ...more,
  };
}

const box = { x1: 10, y1: 20, x2: 110, y2: 140 };
const answer = '<think>There.</think><answer>[{"bbox_2d": [10, 20, 110, 140], "label": "dog"}]</answer>';
const page = (one: Rollout, more: Partial<GroupPage> = {}): GroupPage => ({
  title: 'run, group 1',
  facts: [['Step', '3']],
  image: { href: 'data:image/webp;base64,AAAA', size: { width: 400, height: 300 } },
  rollouts: [
    {
      rollout: one,
      number: 1,
      total: 0.25,
      advantage: -0.7,
      excluded: false,
      regions: [box],
      truth: [{ box, label: null }],
      notes: ['Ada: no'],
    },
  ],
  ...more,
});

describe('a group as one page', () => {
  it('holds prompt, picture, regions, turns, rewards and advantages', () => {
    const html = groupPage(page(rollout(answer)));
    for (const text of [
      'Where is the dog?',
      'There.',
      '<td>dog</td>',
      '<td>10, 20, 110, 140</td>',
      '0.25 (logged 1)',
      '<td>-0.7</td>',
      '<th>iou</th><td>0.5</td>',
      'Ada: no',
    ])
      expect(html).toContain(text);
    expect(html).toContain('<rect class="box" x="10" y="20" width="100" height="120"/>');
    expect(html).toContain('background-image: url("data:image/webp;base64,AAAA")');
    expect(html).toContain(`default-src 'none'`);
  });

  it('says why there is no picture', () => {
    expect(groupPage(page(rollout(answer), { image: 'The image was not found.' }))).toContain(
      'The image was not found.',
    );
  });

  it('is text and nothing else, whatever a log holds', () => {
    const hostile = `</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>"'&\0`;
    const one = rollout(answer.replace('"dog"', JSON.stringify(hostile)).replace('There.', hostile), {
      prompt: hostile,
      fields: [{ name: hostile, value: 1 }],
    });
    const html = groupPage({
      ...page(one, { title: hostile, facts: [[hostile, hostile]] }),
      image: { href: `data:image/png;base64,AA"); } </style>${hostile}`, size: { width: 1, height: 1 } },
    });
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name?.toLowerCase()));
    for (const tag of ['script', 'img', 'iframe', 'svg']) expect(tags).not.toContain(tag);
    expect(html).not.toMatch(/<[^>]*\son\w+=/i);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
  });
});
