/** Names of files inside a trace, relative with forward slashes, and how many there are. */

/** 'json/a.json' → 'json'; a file of the root has the folder ''. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** 'json/a.json' → 'a.json'. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** 'json/a.b.json' → 'a.b'. */
export function fileStem(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

/** The name inside a folder; '' is the root. */
export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** '1 sample', '2 samples'. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
