import type { FrameChoice, FrameEvidence, FrameField, FrameSpec, ResizeSpec } from '../../../src/core/geometry/frame';
import { sameFrame } from '../../../src/core/geometry/frameMap';
import { framePresets } from '../../../src/core/geometry/framePresets';
import { dropdown, textField } from '../../ui/controls';
import { div, el, span } from '../../ui/dom';
import { icon } from '../../ui/icon';
import { linkButton } from '../../ui/iconButton';
import type { Session } from '../store/session';
import { count } from '../words';
import { describeShort, evidenceFor, parseResize } from './frameForm';

/** The inline editor of one field's frame: a preset, its parameters, and how each candidate fits the file's boxes. */
export function frameEditor(session: Session, choice: FrameChoice, field: FrameField): HTMLElement {
  const dataSource = session.rollout?.dataSource ?? null;
  const set = (spec: FrameSpec) => {
    const chosen: FrameChoice = { dataSource, field, spec, origin: 'user', reason: 'You set it for this file.' };
    void session.perform({ kind: 'setFrame', choice: chosen });
  };
  const mine = session.state.value.frames.some((c) => c.dataSource === dataSource && c.field === field);
  const scope = dataSource === null ? 'for every row of this trace' : `for data source ${dataSource}`;
  return div(
    'frame-editor',
    presets(choice.spec, set),
    choice.spec?.kind === 'input' ? parameters(session, choice.spec.resize, set) : null,
    div(
      'frame-scope',
      span('', `Set ${scope}.`),
      mine && linkButton('Forget', () => void session.perform({ kind: 'clearFrame', dataSource, field })),
    ),
    evidence(session, dataSource, field, choice.spec, set),
  );
}

function presets(spec: FrameSpec | null, set: (spec: FrameSpec) => void): HTMLElement {
  const at = framePresets.findIndex((preset) => spec !== null && sameFrame(preset.spec, spec));
  const options = framePresets.map((preset) => ({ value: preset.id, label: preset.label }));
  if (at < 0) options.unshift({ value: '', label: spec === null ? 'Choose a frame…' : 'Model input, own parameters' });
  return dropdown({
    label: 'Frame',
    options,
    value: framePresets[at]?.id ?? '',
    onChange: (value) => {
      const preset = framePresets.find((candidate) => candidate.id === value);
      if (preset !== undefined) set(preset.spec);
    },
  });
}

function parameters(session: Session, resize: ResizeSpec, set: (spec: FrameSpec) => void): HTMLElement {
  const change = (name: string, value: string) => {
    const parsed = parseResize(resize, name, value);
    if (typeof parsed === 'string') session.say(parsed);
    else set({ kind: 'input', resize: parsed });
  };
  const field = (name: string, label: string, value: string) =>
    textField({ label, value, onChange: (text) => change(name, text) });
  return div(
    'frame-parameters',
    field('factor', 'Factor', String(resize.factor)),
    field('minPixels', 'Min pixels', String(resize.minPixels)),
    field('maxPixels', 'Max pixels', String(resize.maxPixels)),
    field('shortSide', 'Short side first', resize.before === null ? '' : String(resize.before.shortSide)),
    resize.before === null
      ? null
      : dropdown({
          label: 'Resize before',
          options: [
            { value: 'atLeast', label: 'enlarge only' },
            { value: 'exact', label: 'either way' },
          ],
          value: resize.before.mode,
          onChange: (value) => change('mode', value),
        }),
  );
}

function evidence(
  session: Session,
  dataSource: string | null,
  field: FrameField,
  current: FrameSpec | null,
  set: (spec: FrameSpec) => void,
): HTMLElement {
  const info = session.info.value;
  if (info === null)
    return div('quiet', icon('loading', 'codicon-modifier-spin'), ' Looking at the boxes of the file…');
  const rows = evidenceFor(info.frames, dataSource, field);
  if (rows.length === 0) return div('quiet', 'No boxes of this kind to compare frames with.');
  const heading = ['Frame', 'Inside', 'IoU', 'Boxes', ''];
  return el(
    'table',
    { class: 'evidence' },
    el('thead', {}, el('tr', {}, ...heading.map((text) => el('th', {}, text)))),
    el('tbody', {}, ...rows.map((row) => evidenceRow(row, current, set))),
  );
}

function evidenceRow(row: FrameEvidence, current: FrameSpec | null, set: (spec: FrameSpec) => void): HTMLElement {
  const now = current !== null && sameFrame(row.spec, current);
  if (row.sameAs !== null) {
    const name = describeShort(row.spec);
    const same = `same as ${describeShort(row.sameAs)}`;
    return el(
      'tr',
      { class: 'same' },
      el('td', { class: 'evidence-name', title: `${name}: ${same}` }, now ? icon('check') : null, name),
      wide(el('td', { class: 'evidence-same', title: same }, same), 3),
      el('td', {}, now ? null : linkButton('Use', () => set(row.spec), `Use ${name}`)),
    );
  }
  const share = Number.isNaN(row.insideShare) ? '–' : `${(row.insideShare * 100).toFixed(1)} %`;
  return el(
    'tr',
    { class: now ? 'current' : '' },
    el(
      'td',
      { class: 'evidence-name', title: describeShort(row.spec) },
      now ? icon('check') : null,
      describeShort(row.spec),
    ),
    el('td', {}, share),
    el('td', {}, Number.isNaN(row.meanIou) ? '–' : row.meanIou.toFixed(3)),
    el('td', {}, count(row.boxes)),
    el('td', {}, now ? null : linkButton('Use', () => set(row.spec), `Use ${describeShort(row.spec)}`)),
  );
}

function wide(cell: HTMLTableCellElement, columns: number): HTMLTableCellElement {
  cell.colSpan = columns;
  return cell;
}
