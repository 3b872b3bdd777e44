/** Key of an image whose id an earlier file of the same set has given to another: files of splits often count from 1 each. */
export function keyInFile(id: string, file: string): string {
  return `${id}@${file}`;
}

/** The id in a key; the key itself where no file stands in it. */
export function idInKey(key: string): string {
  const at = key.indexOf('@');
  return at < 0 ? key : key.slice(0, at);
}
