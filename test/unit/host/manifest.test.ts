import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  actionCommands,
  commands,
  contexts,
  datasetCommands,
  extensionId,
  settings,
  viewTypes,
} from '../../../src/host/ids';
import { deviceSettingIds, processSettingIds, runSettingIds } from '../../../src/host/settingIds';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}
interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
interface Property {
  readonly default: unknown;
  readonly scope?: string;
  readonly markdownDescription?: string;
}

const root = join(import.meta.dirname, '../../..');
const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as {
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly extensionKind: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly customEditors: readonly {
      readonly viewType: string;
      readonly priority: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, Property>>;
    }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
  };
};
const { contributes } = manifest;
const nls = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
const commandIds = [...Object.values(commands), ...Object.values(actionCommands), ...Object.values(datasetCommands)];
const properties = Object.assign({}, ...contributes.configuration.map((section) => section.properties)) as Record<
  string,
  Property
>;

describe('the manifest and the tables of the code name the same things', () => {
  test('commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...commandIds].sort());
  });

  test('settings', () => {
    expect(Object.keys(properties).sort()).toEqual(Object.values<string>(settings).sort());
  });

  test('custom editors', () => {
    expect(contributes.customEditors.map(({ viewType }) => viewType)).toEqual(Object.values(viewTypes));
  });

  test('the extension itself', () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe(extensionId);
  });

  test('every context key of ours that a menu tests is one the code sets', () => {
    const tested =
      JSON.stringify(contributes).match(/\bin (saccade\.\w+)|(?<=[&|!( ])saccade\.(?:canvasFocus|traces)\b/g) ?? [];
    const set = Object.values<string>(contexts);
    expect(tested.length).toBeGreaterThan(0);
    for (const key of tested) expect(set).toContain(key.replace(/^in /, ''));
  });
});

describe('commands', () => {
  test('each has a title and the category Saccade', () => {
    for (const { title, category } of contributes.commands) {
      expect(title).toMatch(/^%[\w.]+%$/);
      expect(nls[(category ?? '').slice(1, -1)]).toBe('Saccade');
    }
  });

  test('each has one decision about the palette', () => {
    const decided = (contributes.menus.commandPalette ?? []).map(({ command }) => command).sort();
    expect(decided).toEqual([...commandIds].sort());
    for (const { when } of contributes.menus.commandPalette ?? []) expect(when).toBeTruthy();
  });

  test('those of the editor are offered only while it is active', () => {
    const tables = { 'saccade.rollouts': actionCommands, 'saccade.dataset': datasetCommands };
    for (const { command, when } of contributes.menus.commandPalette ?? [])
      for (const [editor, table] of Object.entries(tables))
        if (Object.values<string>(table).includes(command)) expect(when).toBe(`activeCustomEditorId == '${editor}'`);
  });

  test('no bare letter is bound: the webview handles those itself', () => {
    for (const { command, key, when } of contributes.keybindings) {
      expect(commandIds).toContain(command);
      expect(key).toMatch(/^ctrl\+/);
      expect(when).toBe("activeCustomEditorId == 'saccade.rollouts'");
    }
  });

  test('menus name existing commands and always say when', () => {
    for (const items of Object.values(contributes.menus))
      for (const { command, when } of items) {
        expect(commandIds).toContain(command);
        expect(when).toBeTruthy();
      }
  });

  test('menus on files also show over a remote connection, where the workbench sees another scheme', () => {
    const onFiles = ['explorer/context', 'editor/title/context'].flatMap((menu) => contributes.menus[menu] ?? []);
    expect(onFiles.length).toBeGreaterThan(0);
    for (const { when } of onFiles) expect(when).toContain('vscode-remote');
  });
});

describe('texts', () => {
  test('every key that the manifest uses exists, and every key is used', () => {
    const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
  });

  test('the files it names exist', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    for (const file of [manifest.icon, ...steps.map((step) => step.media.svg)])
      expect(existsSync(join(root, file))).toBe(true);
  });

  test('a walkthrough step ends on a command or a setting that exists', () => {
    for (const step of contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps))
      for (const event of step.completionEvents) {
        const [, id = ''] = event.split(':');
        expect([...commandIds, ...Object.keys(properties)]).toContain(id);
      }
  });
});

describe('what keeps Saccade out of the way and safe', () => {
  test('no file opens with it unasked, and rollouts are looked for in no JSON of another name', () => {
    for (const { priority, selector, viewType } of contributes.customEditors) {
      expect(priority).toBe('option');
      if (viewType !== viewTypes.rollouts) continue;
      expect(selector.map(({ filenamePattern }) => filenamePattern)).not.toContain('*.json');
    }
  });

  test('an untrusted workspace cannot name paths to read or write, nor what the processes may take', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    const dangerous = [
      ...processSettingIds,
      settings.imagesRoots,
      settings.rewardsProfiles,
      settings.rewardsPython,
      settings.runDatasetFiles,
      settings.segmentationModels,
      settings.segmentationModel,
      settings.policies,
    ];
    expect([...restrictedConfigurations].sort()).toEqual([...dangerous].sort());
  });

  test('no workspace, trusted or not, can name a server', () => {
    expect(properties[settings.policies]?.scope).toBe('machine');
  });

  test('no workspace, trusted or not, can allow a device', () => {
    for (const id of deviceSettingIds) expect(properties[id]?.scope, id).toBe('machine');
    expect(properties[settings.segmentationDevice]?.default).toBe('cpu');
  });

  test('every setting has a scope and a description; those about a run may differ by folder', () => {
    for (const [id, { scope, markdownDescription }] of Object.entries(properties)) {
      expect(scope, id).toMatch(/^(resource|machine|machine-overridable)$/);
      expect(markdownDescription, id).toMatch(/^%[\w.]+%$/);
      if ((runSettingIds as readonly string[]).includes(id)) expect(scope, id).toBe('resource');
    }
  });

  test('it runs where the files are', () => {
    expect(manifest.extensionKind).toEqual(['workspace']);
  });
});
